/**
 * Owns the use case of {@code ExecuteBatch}: a list of operations in one transaction, once;
 * and the promotion of collections, which comes to such a list.
 * Never knows how a request came in or what the tables look like.
 * Start reading at {@link dev.tranche.server.execute.ExecuteBatch}.
 */
@NullMarked
package dev.tranche.server.execute;

import org.jspecify.annotations.NullMarked;
