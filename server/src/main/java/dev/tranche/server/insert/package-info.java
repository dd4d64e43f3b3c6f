/**
 * Owns the use case of {@code BatchInsert}: chunks, their fences, results one by one, and retries.
 * Never holds a transaction or a connection while results are being sent.
 * Start reading at {@link dev.tranche.server.insert.InsertRun}.
 */
@NullMarked
package dev.tranche.server.insert;

import org.jspecify.annotations.NullMarked;
