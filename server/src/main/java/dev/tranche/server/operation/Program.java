package dev.tranche.server.operation;

import dev.tranche.server.operation.Rows.Stamp;
import java.util.List;

/**
 * What one transaction is to do.
 *
 * @param workspace id of the workspace all of it happens in
 * @param items in the order they run
 * @param stamp who does it, and when
 */
public record Program(long workspace, List<Item> items, Stamp stamp, Rules rules) {

    /**
     * How it is done.
     *
     * @param onError what a failed operation means for the others
     * @param schemaLocked whether operations on collections are refused
     * @param claiming whether the unique keys of new records are claimed where others look them up,
     *     and taken to be free until it turns out otherwise: for programs that do nothing but create
     *     records
     */
    public record Rules(OnError onError, boolean schemaLocked, boolean claiming) {

        /** Each item for itself. */
        public static final Rules EACH = new Rules(OnError.CONTINUE, false, false);

        /** Each item for itself, and all of them create a record. */
        public static final Rules EACH_CREATES = new Rules(OnError.CONTINUE, false, true);

        public Rules(OnError onError, boolean schemaLocked) {
            this(onError, schemaLocked, false);
        }
    }
}
