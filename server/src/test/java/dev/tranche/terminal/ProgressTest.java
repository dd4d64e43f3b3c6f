package dev.tranche.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
    private final Paper paper = new Paper();

    private void insertFour(boolean terminal) {
        try (Progress progress = Progress.of(paper.screen(terminal), "inserting", 4)) {
            for (int record = 0; record < 4; record++) {
                progress.step();
            }
        }
    }

    @Test
    void writesOverItsLineOnATerminal() {
        insertFour(true);

        assertThat(paper.text()).startsWith("\rinserting").contains("100%").contains("4/4");
    }

    @Test
    void writesWholeLinesElsewhere() {
        insertFour(false);

        assertThat(paper.text()).doesNotContain("\r").endsWith("\n");
        assertThat(paper.lines()).allMatch(line -> line.startsWith("   inserting"));
        assertThat(paper.lines().getLast()).contains("100%").contains("4/4");
    }

    @Test
    void keepsAnInterruption() {
        Thread.currentThread().interrupt();

        insertFour(true);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(paper.text()).contains("4/4");
    }
}
