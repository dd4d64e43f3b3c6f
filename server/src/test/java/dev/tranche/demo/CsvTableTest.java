package dev.tranche.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.demo.CsvTable.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTableTest {

    @Test
    void keepsNumbersAsTheyAreWrittenAndLeavesMissingOnesOut() {
        Row first = CsvTable.WEATHER.read().getFirst();

        assertThat(first.key()).isEqualTo("EWR");
        assertThat(first.json())
                .isEqualTo(
                        "{\"origin\":\"EWR\",\"year\":2013,\"month\":1,\"day\":1,\"hour\":1,"
                                + "\"temp\":39.02,\"dewp\":26.06,\"humid\":59.37,\"wind_dir\":270,"
                                + "\"wind_speed\":10.357019999999999,\"precip\":0,"
                                + "\"pressure\":1012,\"visib\":10,"
                                + "\"time_hour\":\"2013-01-01T06:00:00Z\"}");
    }

    @Test
    void readsEveryRowOfTheFiles() {
        List<Row> weather = CsvTable.WEATHER.read();

        assertThat(weather).hasSize(Weather.ROWS);
        assertThat(weather.get(7_319).json()).contains("\"month\":11,\"day\":3,\"hour\":1");
        assertThat(CsvTable.AIRPORTS.read()).hasSize(1_458);
    }
}
