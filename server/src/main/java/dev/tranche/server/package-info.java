/**
 * Owns the wiring of the service: what is built from what, in which order it starts and ends.
 * Never decides what an operation means or how it is stored.
 * Start reading in the rooms below it, {@code schema} first.
 */
@NullMarked
package dev.tranche.server;

import org.jspecify.annotations.NullMarked;
