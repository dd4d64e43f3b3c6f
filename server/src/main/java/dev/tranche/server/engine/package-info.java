/**
 * Owns the way from operations to results in one transaction: load, apply, flush, reruns, deadlines.
 * Never writes SQL and never knows what a single operation means.
 * Start reading at {@link dev.tranche.server.engine.Engine}.
 */
@NullMarked
package dev.tranche.server.engine;

import org.jspecify.annotations.NullMarked;
