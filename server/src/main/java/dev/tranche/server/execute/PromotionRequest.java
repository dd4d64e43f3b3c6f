package dev.tranche.server.execute;

import java.util.List;

/**
 * A {@code PromoteCollections}, decoded.
 *
 * @param source name of the workspace whose definitions are taken
 * @param target name of the workspace whose collections are changed; another one
 * @param collections names, each once; empty for all that live in the source
 * @param validateOnly whether only to find out what would happen
 */
public record PromotionRequest(
        String source, String target, List<String> collections, boolean validateOnly) {}
