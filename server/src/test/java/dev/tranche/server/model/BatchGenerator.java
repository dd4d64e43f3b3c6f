package dev.tranche.server.model;

import static dev.tranche.server.model.Feature.GROUPS;
import static dev.tranche.server.model.Feature.STOP;

import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.ResultView;
import java.util.Random;
import java.util.Set;

/**
 * Makes batches out of a seed. They know few collections, ids and values, so that their operations
 * get in each other's way. Texts in them that {@link Wishes} knows stand for what the workspace
 * holds when the batch is sent.
 */
final class BatchGenerator {
    private static final int OPERATIONS_MAX = 9;

    private final Set<Feature> features;

    BatchGenerator(Set<Feature> features) {
        this.features = features;
    }

    /**
     * A batch, without its workspace.
     *
     * @param seed of the run
     * @param number of the batch in it, from 0
     * @param first whether the workspace is still empty
     */
    ExecuteBatchRequest batch(long seed, int number, boolean first) {
        Random random = new Random(seed * 1_000_003 + number);
        // Neighbouring seeds give alike first numbers.
        random.nextLong();
        ExecuteBatchRequest.Builder request = ExecuteBatchRequest.newBuilder();
        OperationGenerator generator = new OperationGenerator(random, features);
        request.setOnError(onError(random));
        if (first) {
            request.setOnError(OnError.ON_ERROR_CONTINUE).addAllOperations(generator.definitions());
        } else {
            addOperations(request, generator, random);
        }
        if (random.nextInt(10) < 7) {
            request.setDataFormat(DataFormat.DATA_FORMAT_JSON);
        }
        if (features.contains(Feature.FULL) && random.nextInt(3) == 0) {
            request.setResultView(ResultView.RESULT_VIEW_FULL);
        }
        if (features.contains(Feature.VALIDATE_ONLY) && random.nextInt(8) == 0) {
            request.setValidateOnly(true);
        }
        return request.build();
    }

    private OnError onError(Random random) {
        int choice = random.nextInt(10);
        if (choice < 3) {
            return choice == 0 ? OnError.ON_ERROR_UNSPECIFIED : OnError.ON_ERROR_ROLLBACK;
        }
        return choice < 5 && features.contains(STOP)
                ? OnError.ON_ERROR_STOP
                : OnError.ON_ERROR_CONTINUE;
    }

    private void addOperations(
            ExecuteBatchRequest.Builder request, OperationGenerator generator, Random random) {
        int size = 1 + random.nextInt(OPERATIONS_MAX);
        boolean groups = features.contains(GROUPS) && mayGroup(request, random);
        int group = 0;
        boolean grouped = false;
        for (int i = 0; i < size; i++) {
            Operation.Builder operation = generator.operation(i, size);
            if (groups) {
                if (random.nextInt(3) == 0) {
                    group++;
                    grouped = random.nextBoolean();
                }
                operation.setAtomicGroup(grouped ? "g" + group : "");
            }
            request.addOperations(operation);
        }
        if (groups && random.nextInt(100) == 0) {
            request.getOperationsBuilder(random.nextInt(size)).setAtomicGroup("g1");
        }
    }

    /** Hardly ever where it is wrong. */
    private static boolean mayGroup(ExecuteBatchRequest.Builder request, Random random) {
        return request.getOnError() == OnError.ON_ERROR_CONTINUE
                ? random.nextInt(3) == 0
                : random.nextInt(100) == 0;
    }
}
