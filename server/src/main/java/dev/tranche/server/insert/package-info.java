/**
 * Owns the use case of {@code BatchInsert}: chunks, their fences, results one by one, and retries.
 * Never lets a transaction or a connection wait for a caller to send or to read.
 * Start reading at {@link dev.tranche.server.insert.InsertRun}.
 */
@NullMarked
package dev.tranche.server.insert;

import org.jspecify.annotations.NullMarked;
