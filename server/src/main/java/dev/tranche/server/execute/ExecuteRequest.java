package dev.tranche.server.execute;

import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Operation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An {@code ExecuteBatch}, decoded: every id, name and text in it is well-formed, aliases are unique.
 *
 * @param workspace name of the workspace
 * @param steps in the order they run; at least one
 * @param requestId idempotency key; null for none
 * @param validateOnly whether only to find out what would happen
 * @param labels for the account
 */
public record ExecuteRequest(
        String workspace,
        List<Step> steps,
        OnError onError,
        @Nullable String requestId,
        ResultView view,
        boolean validateOnly,
        Map<String, String> labels) {

    /**
     * One operation with the name others may use for it.
     *
     * @param path where it stands in the request, {@code operations[1].create_record} for one; empty
     *     for the request itself
     * @param alias null for none
     * @param group neighbours with the same one stand or fall together; null for none
     */
    public record Step(
            String path, @Nullable String alias, @Nullable String group, Operation operation) {}
}
