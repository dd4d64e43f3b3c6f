/**
 * Owns what can be set: options, their environment variables, units, defaults and ranges.
 * Never starts anything and never knows what a limit is for.
 * Start reading at {@link dev.tranche.server.config.Commands}.
 */
@NullMarked
package dev.tranche.server.config;

import org.jspecify.annotations.NullMarked;
