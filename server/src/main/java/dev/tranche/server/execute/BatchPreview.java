package dev.tranche.server.execute;

import dev.tranche.server.engine.RowSource;
import java.util.Optional;

/** What a dry run can do inside its transaction: read. */
public interface BatchPreview extends RowSource {

    /** Surrogate id of a workspace; empty if there is none of this name. */
    Optional<Long> workspaceId(String name);
}
