package dev.tranche.server.transport;

import com.google.protobuf.Timestamp;
import dev.tranche.server.batch.BatchFilter;
import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.batch.BatchState;
import dev.tranche.v1.ListBatchesRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads which batches are to be listed. */
record BatchFilters(ListBatchesRequest request, Violations violations) {
    private static final int ACTOR_BYTES_MAX = 255;
    private static final int NANOS_MAX = 999_999_999;
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /**
     * The filter of the request; what is wrong with it is added to the violations.
     *
     * @param workspaceId of the workspace that the request names
     */
    BatchFilter decode(long workspaceId) {
        Instant from = time("created_from", request.hasCreatedFrom(), request.getCreatedFrom());
        Instant before =
                time("created_before", request.hasCreatedBefore(), request.getCreatedBefore());
        if (from != null && before != null && !from.isBefore(before)) {
            violations.add("created_before", before + " given, a time after created_from allowed");
        }
        return new BatchFilter(
                workspaceId,
                kinds(),
                states(),
                createdBy(),
                from,
                before,
                LabelDecoder.decode(request.getLabelsMap(), violations));
    }

    /** Pages of this filter; the tokens of any other are none of its. */
    Pages pages(BatchFilter filter) {
        List<String> parts =
                new ArrayList<>(
                        List.of(
                                "batches",
                                request.getWorkspace(),
                                filter.kinds().toString(),
                                filter.states().toString(),
                                String.valueOf(filter.from()),
                                String.valueOf(filter.before()),
                                request.getCreatedBy()));
        for (Map.Entry<String, String> label : new TreeMap<>(filter.labels()).entrySet()) {
            parts.add(label.getKey());
            parts.add(label.getValue());
        }
        return new Pages(parts);
    }

    private Set<BatchKind> kinds() {
        Set<BatchKind> kinds = EnumSet.noneOf(BatchKind.class);
        for (int i = 0; i < request.getKindsCount(); i++) {
            switch (request.getKinds(i)) {
                case BATCH_KIND_EXECUTE -> kinds.add(BatchKind.EXECUTE);
                case BATCH_KIND_INSERT -> kinds.add(BatchKind.INSERT);
                case BATCH_KIND_UNSPECIFIED, UNRECOGNIZED ->
                        unknown("kinds", i, request.getKindsValue(i));
            }
        }
        return kinds;
    }

    private Set<BatchState> states() {
        Set<BatchState> states = EnumSet.noneOf(BatchState.class);
        for (int i = 0; i < request.getStatesCount(); i++) {
            switch (request.getStates(i)) {
                case BATCH_STATE_RUNNING -> states.add(BatchState.RUNNING);
                case BATCH_STATE_SUCCEEDED -> states.add(BatchState.SUCCEEDED);
                case BATCH_STATE_PARTIALLY_SUCCEEDED -> states.add(BatchState.PARTIALLY_SUCCEEDED);
                case BATCH_STATE_FAILED -> states.add(BatchState.FAILED);
                case BATCH_STATE_INTERRUPTED -> states.add(BatchState.INTERRUPTED);
                case BATCH_STATE_UNSPECIFIED, UNRECOGNIZED ->
                        unknown("states", i, request.getStatesValue(i));
            }
        }
        return states;
    }

    private void unknown(String field, int position, int number) {
        violations.add(field + "[" + position + "]", "unknown value " + number + " given");
    }

    private @Nullable String createdBy() {
        String given = request.getCreatedBy();
        int bytes = given.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > ACTOR_BYTES_MAX) {
            violations.add(
                    "created_by", bytes + " bytes given, at most " + ACTOR_BYTES_MAX + " allowed");
        }
        return given.isEmpty() ? null : given;
    }

    /** To the microsecond, as accounts have it; upwards, for no account lies between. */
    private @Nullable Instant time(String field, boolean given, Timestamp time) {
        if (!given) {
            return null;
        }
        long seconds = time.getSeconds();
        int nanos = time.getNanos();
        if (seconds < FIRST.getEpochSecond() || seconds > LAST.getEpochSecond()) {
            violations.add(field, seconds + " s given, " + FIRST + " to " + LAST + " allowed");
            return null;
        }
        if (nanos < 0 || nanos > NANOS_MAX) {
            violations.add(field, nanos + " ns given, 0 to " + NANOS_MAX + " allowed");
            return null;
        }
        Instant exact = Instant.ofEpochSecond(seconds, nanos);
        Instant micros = exact.truncatedTo(ChronoUnit.MICROS);
        Instant up = micros.equals(exact) ? micros : micros.plus(1, ChronoUnit.MICROS);
        return up.isAfter(LAST) ? micros : up;
    }
}
