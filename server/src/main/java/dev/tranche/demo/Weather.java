package dev.tranche.demo;

import dev.tranche.client.InsertStream;
import dev.tranche.client.Records;
import dev.tranche.demo.CsvTable.Row;
import dev.tranche.demo.Ledger.Entry;
import dev.tranche.terminal.Progress;
import dev.tranche.terminal.Screen;
import dev.tranche.terminal.Stopwatch;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.RecordResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Step 3: a year of hourly weather, one {@code BatchInsert} an airport. Three hours came twice,
 * when the clocks went back, and break the unique constraint.
 */
final class Weather {
    static final String COLLECTION = "weather";
    static final String CONSTRAINT = "one_per_hour";

    static final int ROWS = 26_115;

    private static final List<Integer> ROWS_OF_REPEATED_HOURS = List.of(7_319, 16_024, 24_730);

    private final Session session;
    private final List<Rejection> rejections = new ArrayList<>();
    private int inserted;

    Weather(Session session) {
        this.session = session;
    }

    /**
     * Inserts all of it.
     *
     * @return what was rejected, in the order of the file
     */
    List<Rejection> run() {
        session.screen().heading("3  BatchInsert: a year of weather, one call an airport");
        Map<String, List<Observation>> byAirport = observations();
        Stopwatch watch = Stopwatch.started();
        try (Progress progress = Progress.of(session.screen(), "inserting", ROWS)) {
            byAirport.forEach((airport, observations) -> insert(airport, observations, progress));
        }
        session.ledger()
                .add(
                        new Entry(
                                "BatchInsert, all three",
                                ROWS,
                                inserted,
                                rejections.size(),
                                watch.elapsed()));
        show();
        check();
        return rejections;
    }

    /** A row of the file, and where it stands there. */
    private record Observation(int fileRow, InsertRecord record) {}

    private static Map<String, List<Observation>> observations() {
        Map<String, List<Observation>> byAirport = new LinkedHashMap<>();
        int fileRow = 0;
        for (Row row : CsvTable.WEATHER.read()) {
            byAirport
                    .computeIfAbsent(row.key(), airport -> new ArrayList<>())
                    .add(new Observation(fileRow++, Records.of(row.json())));
        }
        return byAirport;
    }

    private void insert(String airport, List<Observation> observations, Progress progress) {
        BatchInsertRequest request =
                BatchInsertRequest.newBuilder()
                        .setWorkspace(Tranche.WORKSPACE)
                        .setCollection(COLLECTION)
                        .addAllRecords(observations.stream().map(Observation::record).toList())
                        .build();
        Stopwatch watch = Stopwatch.started();
        try (InsertStream stream = session.tranche().batches().batchInsert(request)) {
            String batchId = stream.started().getBatchId();
            String idBefore = "";
            while (stream.hasNext()) {
                RecordResult result = stream.next();
                if (result.hasError()) {
                    int fileRow = observations.get(result.getIndex()).fileRow();
                    rejections.add(new Rejection(fileRow, airport, batchId, result, idBefore));
                }
                idBefore = result.getRecordId();
                progress.step();
            }
            Batch summary = stream.summary();
            inserted += summary.getSucceededCount();
            session.note("BatchInsert, " + airport, summary, watch.elapsed());
        }
    }

    private void show() {
        Screen screen = session.screen();
        screen.say(
                "%s observations sent, %s inserted, %d rejected:"
                        .formatted(Screen.count(ROWS), Screen.count(inserted), rejections.size()));
        screen.say("");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("file row", "call", "index", "constraint", "collides with"));
        for (Rejection rejection : rejections) {
            ItemError error = rejection.result().getError();
            rows.add(
                    List.of(
                            Screen.count(rejection.fileRow()),
                            rejection.airport(),
                            Screen.count(rejection.index()),
                            error.getConstraint(),
                            "index %s, record %s"
                                    .formatted(
                                            Screen.count(error.getEarlierIndex()),
                                            error.getExistingRecordId())));
        }
        screen.table(rows);
        screen.say("");
        screen.say("On 2013-11-03 the clocks went back: local time from 1:00 to 2:00 came twice.");
    }

    private void check() {
        Figures figures = session.figures();
        figures.check("observations inserted", ROWS - ROWS_OF_REPEATED_HOURS.size(), inserted);
        figures.check(
                "rows rejected",
                ROWS_OF_REPEATED_HOURS,
                rejections.stream().map(Rejection::fileRow).toList());
        figures.check(
                "rejections that name the constraint and the row before",
                (long) ROWS_OF_REPEATED_HOURS.size(),
                rejections.stream().filter(Rejection::collidesWithTheRowBefore).count());
    }
}
