package dev.tranche.server.store;

import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Packs the results of one attempt: about 40 bytes for a record with a generated id. The first byte
 * says how the others are to be read, and what was written once can always be read. What the first
 * version can say is written in it, so that a server that knows no other can read it.
 */
final class ResultCodec {
    private static final int VERSION_ONE = 1;

    /** Knows relationships and collections as resources, too. */
    private static final int VERSION_TWO = 2;

    /** Knows items that were skipped, too. */
    private static final int VERSION_THREE = 3;

    /** What kind of outcome follows. */
    private static final int APPLIED = 1;

    private static final int FAILED = 2;
    private static final int NOT_ATTEMPTED = 3;
    private static final int ROLLED_BACK = 4;
    private static final int SKIPPED = 5;

    /** What kind of etag follows: none, the 12 bytes most are made of, or another text. */
    private static final int NO_ETAG = 0;

    private static final int ETAG = 1;
    private static final int OTHER_ETAG = 2;

    private static final int ETAG_BYTES = 12;
    private static final int ETAG_CHARS = 16;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private ResultCodec() {}

    /**
     * Packs results of one attempt.
     *
     * @param results ascending by index
     */
    static byte[] pack(List<ItemResult> results) {
        PackedWriter out = new PackedWriter();
        out.code(results.stream().mapToInt(ResultCodec::version).max().orElse(VERSION_ONE));
        int previous = 0;
        for (ItemResult result : results) {
            out.number(result.index() - previous);
            previous = result.index();
            write(out, result.outcome());
        }
        return out.toBytes();
    }

    /**
     * Reads what was packed.
     *
     * @param attempt the attempt all of them are of
     */
    static List<ItemResult> unpack(byte[] packed, int attempt) {
        PackedReader in = new PackedReader(packed);
        int version = in.code();
        if (version < VERSION_ONE || version > VERSION_THREE) {
            throw new IllegalStateException(
                    "results of version " + version + " are stored: a newer server wrote them");
        }
        List<ItemResult> results = new ArrayList<>();
        int index = 0;
        while (!in.isAtEnd()) {
            index += in.count();
            results.add(new ItemResult(index, read(in), attempt));
        }
        return results;
    }

    /** The first version that can say it. */
    private static int version(ItemResult result) {
        return switch (result.outcome()) {
            case Applied applied ->
                    ResourceCodec.needsVersionTwo(applied.resource()) ? VERSION_TWO : VERSION_ONE;
            case Outcome.Skipped skipped -> VERSION_THREE;
            case Outcome.Failed failed -> VERSION_ONE;
            case Outcome.NotAttempted nothing -> VERSION_ONE;
            case Outcome.RolledBack nothing -> VERSION_ONE;
        };
    }

    private static void write(PackedWriter out, Outcome outcome) {
        switch (outcome) {
            case Applied applied -> {
                out.code(APPLIED);
                writeApplied(out, applied);
            }
            case Outcome.Failed failed -> {
                out.code(FAILED);
                writeError(out, failed.error());
            }
            case Outcome.Skipped skipped -> {
                out.code(SKIPPED);
                out.id(skipped.recordId());
            }
            case Outcome.NotAttempted nothing -> out.code(NOT_ATTEMPTED);
            case Outcome.RolledBack nothing -> out.code(ROLLED_BACK);
        }
    }

    private static Outcome read(PackedReader in) {
        int kind = in.code();
        return switch (kind) {
            case APPLIED -> readApplied(in);
            case FAILED -> new Outcome.Failed(readError(in));
            case NOT_ATTEMPTED -> new Outcome.NotAttempted();
            case ROLLED_BACK -> new Outcome.RolledBack();
            case SKIPPED ->
                    new Outcome.Skipped(Objects.requireNonNull(in.id(), "written with one"));
            default -> throw new IllegalStateException("kind of outcome " + kind + " is stored");
        };
    }

    private static void writeApplied(PackedWriter out, Applied applied) {
        out.code(EffectCodes.of(applied.effect()));
        out.id(applied.recordId());
        out.number(applied.version());
        writeEtag(out, applied.etag());
        ResourceCodec.write(out, applied.resource());
    }

    private static Applied readApplied(PackedReader in) {
        Effect effect = EffectCodes.effect(in.code());
        String recordId = in.id();
        long version = in.number();
        return new Applied(effect, recordId, version, readEtag(in), ResourceCodec.read(in));
    }

    private static void writeEtag(PackedWriter out, @Nullable String etag) {
        byte[] bytes = etag == null ? null : etagBytes(etag);
        if (etag == null) {
            out.code(NO_ETAG);
        } else if (bytes == null) {
            out.code(OTHER_ETAG);
            out.text(etag);
        } else {
            out.code(ETAG);
            out.bytes(bytes);
        }
    }

    private static @Nullable String readEtag(PackedReader in) {
        int kind = in.code();
        return switch (kind) {
            case NO_ETAG -> null;
            case ETAG -> text(in.bytes(ETAG_BYTES));
            case OTHER_ETAG -> in.text();
            default -> throw new IllegalStateException("kind of etag " + kind + " is stored");
        };
    }

    /** Null if the etag is not what these bytes would be written as: 12 bytes fill 16 characters. */
    private static byte @Nullable [] etagBytes(String etag) {
        if (etag.length() != ETAG_CHARS) {
            return null;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(etag);
            return bytes.length == ETAG_BYTES ? bytes : null;
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
    }

    private static String text(byte[] etag) {
        return ENCODER.encodeToString(etag);
    }

    private static void writeError(PackedWriter out, ItemError error) {
        out.text(error.reason().name());
        out.text(error.message());
        out.number(error.violations().size());
        for (Violation violation : error.violations()) {
            out.text(violation.path());
            out.text(violation.description());
        }
        out.id(error.constraint());
        out.id(error.existingRecordId());
        // Shifted by one, for 0 is an index and none is not.
        out.number(error.earlierIndex() == null ? 0 : error.earlierIndex() + 1L);
    }

    private static ItemError readError(PackedReader in) {
        Reason reason = Reason.valueOf(in.text());
        String message = in.text();
        int count = in.count();
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            violations.add(new Violation(in.text(), in.text()));
        }
        String constraint = in.id();
        String existing = in.id();
        int earlier = in.count();
        return new ItemError(
                reason,
                message,
                List.copyOf(violations),
                constraint,
                existing,
                earlier == 0 ? null : earlier - 1,
                Map.of());
    }
}
