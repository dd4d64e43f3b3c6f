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
     */
    public record Rules(OnError onError, boolean schemaLocked) {

        /** Each item for itself. */
        public static final Rules EACH = new Rules(OnError.CONTINUE, false);
    }
}
