/**
 * Owns the durable account of what was submitted: states, request ids, leases, stored results,
 * and how long all of it is kept.
 * Never applies an operation and never decides what a result is.
 * Start reading at {@link dev.tranche.server.batch.Batch}.
 */
@NullMarked
package dev.tranche.server.batch;

import org.jspecify.annotations.NullMarked;
