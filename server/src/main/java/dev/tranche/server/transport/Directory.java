package dev.tranche.server.transport;

import dev.tranche.server.engine.Catalog;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.WorkspaceRow;

/** Finds what requests name, or says that it is not there. */
record Directory(Catalog catalog) {

    /**
     * A workspace.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND
     */
    WorkspaceRow workspace(String name) {
        return catalog.workspace(name)
                .orElseThrow(() -> missing(Reason.WORKSPACE_NOT_FOUND, "workspace", name));
    }

    /**
     * A live collection.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND, COLLECTION_NOT_FOUND
     */
    CollectionRow collection(String workspace, String name) {
        return collection(workspace(workspace), name);
    }

    /**
     * A live collection of a workspace.
     *
     * @throws CallFailure COLLECTION_NOT_FOUND
     */
    CollectionRow collection(WorkspaceRow workspace, String name) {
        return catalog.collection(workspace.id(), name)
                .orElseThrow(() -> missing(Reason.COLLECTION_NOT_FOUND, "collection", name));
    }

    /** The failure of a call that names something which is not there. */
    static CallFailure missing(Reason reason, String what, String name) {
        return new CallFailure(Failure.Refused.missing(reason, what, name));
    }
}
