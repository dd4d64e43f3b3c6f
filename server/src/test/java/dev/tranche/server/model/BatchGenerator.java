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
    private static final int OPERATIONS_MAX = 10;

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
        request.setOnError(first ? OnError.ON_ERROR_CONTINUE : onError(random));
        boolean careful = random.nextInt(mayFail(request) ? 2 : 8) > 0;
        Chance chance = new Chance(random, careful);
        OperationGenerator generator = new OperationGenerator(chance, features);
        if (first) {
            return request.addAllOperations(generator.beginning()).build();
        }
        addOperations(request, generator, chance);
        if (chance.percent(70)) {
            request.setDataFormat(DataFormat.DATA_FORMAT_JSON);
        }
        if (features.contains(Feature.FULL) && chance.once(3)) {
            request.setResultView(ResultView.RESULT_VIEW_FULL);
        }
        if (features.contains(Feature.VALIDATE_ONLY) && chance.once(8)) {
            request.setValidateOnly(true);
        }
        return request.build();
    }

    private OnError onError(Random random) {
        int choice = random.nextInt(10);
        if (choice < 4) {
            return choice == 0 ? OnError.ON_ERROR_UNSPECIFIED : OnError.ON_ERROR_ROLLBACK;
        }
        return choice < 6 && features.contains(STOP)
                ? OnError.ON_ERROR_STOP
                : OnError.ON_ERROR_CONTINUE;
    }

    /** Whether much of the batch stands all the same if an operation fails. */
    private static boolean mayFail(ExecuteBatchRequest.Builder request) {
        return request.getOnError() == OnError.ON_ERROR_CONTINUE;
    }

    private void addOperations(
            ExecuteBatchRequest.Builder request, OperationGenerator generator, Chance chance) {
        int size = 1 + chance.below(mayFail(request) ? OPERATIONS_MAX : OPERATIONS_MAX / 2);
        boolean groups =
                features.contains(GROUPS) && (mayFail(request) ? chance.once(3) : chance.odd(30));
        int group = 0;
        boolean grouped = false;
        for (int i = 0; i < size; i++) {
            Operation.Builder operation = generator.operation(i, size);
            if (groups) {
                if (chance.once(3)) {
                    group++;
                    grouped = chance.percent(60);
                }
                operation.setAtomicGroup(grouped ? "g" + group : "");
            }
            request.addOperations(operation);
        }
        if (groups && chance.odd(60)) {
            request.getOperationsBuilder(chance.below(size)).setAtomicGroup("g1");
        }
    }
}
