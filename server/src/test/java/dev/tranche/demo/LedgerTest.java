package dev.tranche.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.demo.Ledger.Entry;
import dev.tranche.terminal.Paper;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LedgerTest {

    @Test
    void showsARateWhereThereWasEnoughToMeasure() {
        Paper paper = new Paper();
        Ledger ledger = new Ledger();
        ledger.add(new Entry("ExecuteBatch", 8, 8, 0, Duration.ofMillis(40)));
        ledger.add(new Entry("BatchInsert", 10_000, 9_999, 1, Duration.ofMillis(250)));

        ledger.show(paper.screen(false));

        assertThat(paper.lines())
                .containsExactly(
                        "   call           items  succeeded  failed    time  records/s",
                        "   ExecuteBatch       8          8       0   40 ms",
                        "   BatchInsert   10,000      9,999       1  250 ms     40,000");
    }
}
