package dev.tranche.server.insert;

/** A {@code BatchInsert}. */
public record InsertRequest(InsertOrder order, Records records) {

    /** The records, decoded when they are needed, so that not all of them are in memory twice. */
    public interface Records {

        /** How many there are. */
        int count();

        /**
         * Decodes one; always the same answer for the same index.
         *
         * @param asTree whether the tree of its data is going to be wanted soon
         */
        Candidate get(int index, boolean asTree);
    }
}
