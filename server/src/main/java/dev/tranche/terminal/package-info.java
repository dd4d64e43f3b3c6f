/**
 * Owns what commands show to people: lines, tables, and how far something is.
 * Never knows what it shows.
 * Start reading at {@link Screen}.
 */
@NullMarked
package dev.tranche.terminal;

import org.jspecify.annotations.NullMarked;
