/**
 * Owns the demonstration: the main job on real data, done and shown as a caller of the service sees it.
 * Never reaches behind the API: what it knows, the service answered.
 * Start reading at {@link Demo}.
 */
@NullMarked
package dev.tranche.demo;

import org.jspecify.annotations.NullMarked;
