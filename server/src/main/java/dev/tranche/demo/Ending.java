package dev.tranche.demo;

/**
 * What the demo leaves behind.
 *
 * @param asExpected whether every figure was what it should be
 * @param failedBatchId of the {@code ExecuteBatch} that failed
 */
record Ending(boolean asExpected, String failedBatchId) {}
