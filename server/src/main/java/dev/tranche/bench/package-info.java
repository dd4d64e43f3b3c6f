/**
 * Owns the measurements: the service, as its callers see it, beside the same work done by hand over JDBC.
 * Never reaches into the server: it is another process, known by its API, its tables and its pid.
 * Start reading at {@link Bench}.
 */
@NullMarked
package dev.tranche.bench;

import org.jspecify.annotations.NullMarked;
