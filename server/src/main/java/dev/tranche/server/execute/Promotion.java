package dev.tranche.server.execute;

import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.Resource.OfCollection;
import org.jspecify.annotations.Nullable;

/**
 * What became of a collection of the target.
 *
 * @param effect INSERTED, UPDATED or UNCHANGED
 * @param before null if there was none
 */
public record Promotion(
        String collection, Effect effect, @Nullable OfCollection before, OfCollection after) {}
