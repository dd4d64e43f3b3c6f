package dev.tranche.demo;

import dev.tranche.terminal.Screen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The calls that were made, and what they did. */
final class Ledger {
    /** Below it a rate says more about the first call than about the work. */
    private static final int RATE_ITEMS_MIN = 1_000;

    private final List<Entry> entries = new ArrayList<>();

    /**
     * What one call, or several of a kind, did.
     *
     * @param time from the first request to the last reply
     */
    record Entry(String call, int items, int succeeded, int failed, Duration time) {
        private List<String> cells() {
            return List.of(
                    call,
                    Screen.count(items),
                    Screen.count(succeeded),
                    Screen.count(failed),
                    Screen.time(time),
                    items < RATE_ITEMS_MIN ? "" : Screen.count(perSecond()));
        }

        private long perSecond() {
            return Math.round(items * 1e9 / time.toNanos());
        }
    }

    void add(Entry entry) {
        entries.add(entry);
    }

    void show(Screen screen) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("call", "items", "succeeded", "failed", "time", "records/s"));
        entries.forEach(entry -> rows.add(entry.cells()));
        screen.table(rows);
    }
}
