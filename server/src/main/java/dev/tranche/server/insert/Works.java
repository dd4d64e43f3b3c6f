package dev.tranche.server.insert;

import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.insert.Chunk.Work;
import dev.tranche.server.operation.Item;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.Payload;

/**
 * Turns candidates into work, each with the ids it may need.
 *
 * @param ignoreConstraints whether unique constraints hold the records back
 */
record Works(FreshIds ids, String collection, boolean ignoreConstraints) {

    Work of(int index, Candidate candidate) {
        return switch (candidate) {
            case Candidate.Decoded decoded ->
                    new Work.Insert(
                            new Item(
                                    index,
                                    null,
                                    null,
                                    "records[" + index + "]",
                                    new CreateRecord(
                                            collection,
                                            decoded.idExpression(),
                                            new Payload(decoded.data(), false),
                                            ignoreConstraints),
                                    ids.fresh()),
                            decoded.id());
            case Candidate.Undecodable undecodable -> new Work.Fail(undecodable.error());
        };
    }

    /** UTF-8 bytes of a candidate's JSON text. */
    static long bytes(Candidate candidate) {
        return switch (candidate) {
            case Candidate.Decoded decoded -> decoded.data().sizeBytes();
            case Candidate.Undecodable undecodable -> 0;
        };
    }
}
