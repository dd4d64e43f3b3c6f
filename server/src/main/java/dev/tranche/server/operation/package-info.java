/**
 * Owns the meaning of operations: what each does to a working set, and what its result is.
 * Never talks to a database, a network or a clock.
 * Start reading at {@link dev.tranche.server.operation.Interpreter}.
 */
@NullMarked
package dev.tranche.server.operation;

import org.jspecify.annotations.NullMarked;
