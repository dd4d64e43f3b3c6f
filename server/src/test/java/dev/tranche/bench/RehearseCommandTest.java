package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearseCommandTest {
    @Test
    void whatIsPlayedIsThere() {
        assertThat(Bench.rows().stream().map(Row::name)).containsAll(RehearseCommand.PLAYED);
    }
}
