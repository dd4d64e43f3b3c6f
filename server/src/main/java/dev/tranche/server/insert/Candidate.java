package dev.tranche.server.insert;

import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.schema.Json;
import org.jspecify.annotations.Nullable;

/** A record that somebody wants inserted. */
public sealed interface Candidate {

    /**
     * It can be tried.
     *
     * @param id the id it was given; null if the server is to make one
     * @param data a JSON object
     */
    record Decoded(@Nullable String id, Json data) implements Candidate {
        IdExpression idExpression() {
            return id == null ? new IdExpression.Generated() : new IdExpression.Literal(id);
        }
    }

    /** It cannot be understood, and fails with this error. */
    record Undecodable(ItemError error) implements Candidate {}
}
