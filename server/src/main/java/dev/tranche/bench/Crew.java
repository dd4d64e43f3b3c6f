package dev.tranche.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several clients at once, a thread each. */
final class Crew {
    private Crew() {}

    /**
     * Lets all of them do their part at once.
     *
     * @return what they did together, once the last one is done
     * @throws Exception what the first one in their order failed with, once all have ended
     */
    static Work atOnce(List<? extends Callable<Work>> parts) throws Exception {
        List<Future<Work>> results;
        try (ExecutorService threads = Executors.newFixedThreadPool(parts.size())) {
            results = threads.invokeAll(parts);
        }
        long items = 0;
        List<Double> latencyMillis = new ArrayList<>();
        for (Future<Work> result : results) {
            Work work = of(result);
            items += work.items();
            latencyMillis.addAll(work.latencyMillis());
        }
        return new Work(items, latencyMillis);
    }

    private static Work of(Future<Work> result) throws Exception {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
