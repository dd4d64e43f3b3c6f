package dev.tranche.server.insert;

import java.util.List;

/** Port: the records of a {@code StreamInsert}, in order, as they come in. */
@FunctionalInterface
public interface RecordStream {

    /**
     * Takes what has come in. Waits until there is at least one record.
     *
     * @param recordsMax at most this many
     * @param bytesMax UTF-8 bytes of JSON text of all of them; one alone may have more
     * @param asTrees whether the trees of their data are going to be wanted soon
     * @return empty if the caller has said that no more will come
     * @throws dev.tranche.server.operation.CallFailure if the caller has gone away, was silent for
     *     too long, or sent something else than the next records
     */
    List<Candidate> next(int recordsMax, long bytesMax, boolean asTrees);
}
