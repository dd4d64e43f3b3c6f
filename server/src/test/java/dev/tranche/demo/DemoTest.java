package dev.tranche.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.client.Operations;
import dev.tranche.server.e2e.TestServer;
import dev.tranche.terminal.Paper;
import dev.tranche.v1.BatchState;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoTest {
    private final Paper paper = new Paper();

    @Test
    void comesToTheFiguresThatAreKnownToBeRight() throws Exception {
        try (TestServer server = TestServer.start()) {
            Ending ending = new Demo(server.channel(), paper.screen(false)).run();

            assertThat(paper.text())
                    .contains("26,115 observations sent, 26,112 inserted, 3 rejected")
                    .contains("figures checked, 0 not as expected");
            assertThat(ending.asExpected()).isTrue();
            assertThat(Tranche.over(server.channel()).account(ending.failedBatchId()).getState())
                    .isEqualTo(BatchState.BATCH_STATE_FAILED);
        }
    }

    @Test
    void admitsThatAFigureIsNotWhatItShouldBe() throws Exception {
        try (TestServer server = TestServer.start()) {
            Tranche.over(server.channel())
                    .execute(
                            List.of(
                                    Operations.upsertCollection("weather", "{}"),
                                    Operations.createRecord(
                                            "weather",
                                            "first",
                                            CsvTable.WEATHER.read().getFirst().json())));

            Ending ending = new Demo(server.channel(), paper.screen(false)).run();

            assertThat(paper.lines())
                    .contains("   observations inserted: 26112 expected, 26111 found");
            assertThat(ending.asExpected()).isFalse();
        }
    }
}
