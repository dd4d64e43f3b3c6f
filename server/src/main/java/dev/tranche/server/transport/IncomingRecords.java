package dev.tranche.server.transport;

import dev.tranche.server.insert.Candidate;
import dev.tranche.server.insert.RecordStream;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a {@code StreamInsert}. What a message holds of the server is given back when the
 * records after its last one are asked for.
 */
final class IncomingRecords implements RecordStream {
    private final Requests<StreamPart> requests;
    private final CandidateDecoder candidates;
    private long nextIndex;
    private @Nullable PackedRecords open;
    private @Nullable Candidate pending;
    private int finished;

    /**
     * @param requests from which one message was taken, the options
     */
    IncomingRecords(Requests<StreamPart> requests, CandidateDecoder candidates) {
        this.requests = requests;
        this.candidates = candidates;
        this.finished = 1;
    }

    /** Says which index the first record has. */
    void beginAt(int index) {
        nextIndex = index;
    }

    @Override
    public List<Candidate> next(int recordsMax, long bytesMax, boolean asTrees) {
        requests.dealtWith(finished);
        finished = 0;
        List<Candidate> taken = new ArrayList<>();
        long bytes = 0;
        while (taken.size() < recordsMax) {
            Candidate next = pending == null ? read(taken.isEmpty(), asTrees) : pending;
            pending = null;
            if (next == null) {
                break;
            }
            bytes += bytes(next);
            if (bytes > bytesMax && !taken.isEmpty()) {
                pending = next;
                break;
            }
            taken.add(next);
        }
        return taken;
    }

    private static long bytes(Candidate candidate) {
        return switch (candidate) {
            case Candidate.Decoded decoded -> decoded.data().sizeBytes();
            case Candidate.Undecodable undecodable -> 0;
        };
    }

    private @Nullable Candidate read(boolean wait, boolean asTree) {
        while (open == null || !open.hasNext()) {
            if (open != null) {
                open = null;
                finished++;
            }
            StreamPart part = wait ? requests.next() : requests.nextIfHere();
            if (part == null) {
                return null;
            }
            open = new PackedRecords(records(part));
        }
        return open.next(nextIndex++, candidates, asTree);
    }

    private StreamPart.Records records(StreamPart part) {
        return switch (part) {
            case StreamPart.Options again -> throw invalid("options", "given twice, once allowed");
            case StreamPart.Records records -> {
                if (records.count() > 0 && records.firstIndex() != nextIndex) {
                    throw invalid(
                            "records.first_index",
                            records.firstIndex() + " given, " + nextIndex + " is the next one");
                }
                yield records;
            }
            case StreamPart.Nothing nothing ->
                    throw invalid("message", "neither options nor records given, one allowed");
        };
    }

    private static CallFailure invalid(String path, String what) {
        return new CallFailure(new Failure.InvalidRequest(List.of(new Violation(path, what))));
    }
}
