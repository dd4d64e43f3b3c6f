package dev.tranche.server.transport;

import dev.tranche.server.engine.Catalog;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import java.util.Map;

/** Finds what requests name, or says that it is not there. */
record Directory(Catalog catalog) {

    /**
     * A workspace.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND
     */
    WorkspaceRow workspace(String name) {
        return catalog.workspace(name)
                .orElseThrow(() -> notFound(Reason.WORKSPACE_NOT_FOUND, Map.of("workspace", name)));
    }

    /**
     * A live collection.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND, COLLECTION_NOT_FOUND
     */
    CollectionRow collection(String workspace, String name) {
        return catalog.collection(workspace(workspace).id(), name)
                .orElseThrow(
                        () -> notFound(Reason.COLLECTION_NOT_FOUND, Map.of("collection", name)));
    }

    /**
     * The failure of a call that names something which is not there.
     *
     * @param named what it is, and its name
     */
    static CallFailure notFound(Reason reason, Map<String, String> named) {
        StringBuilder message = new StringBuilder();
        named.forEach((what, name) -> message.append(what).append(" \"").append(name).append("\""));
        return new CallFailure(
                new Failure.Refused(reason, message.append(" does not exist").toString(), named));
    }
}
