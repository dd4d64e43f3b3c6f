/**
 * Owns what a Java caller needs beside the generated stubs: a channel, typed errors, safe repeats, a checked stream, inserts that resume by themselves.
 * Never hides the messages of {@code dev.tranche.v1}: requests go out and replies come back as they are.
 * Start reading at {@link BatchClient}.
 */
@NullMarked
package dev.tranche.client;

import org.jspecify.annotations.NullMarked;
