package dev.tranche.server.execute;

import java.time.Duration;

/**
 * The limits of an {@code ExecuteBatch}.
 *
 * @param operationsMax operations of one batch, at least 1
 * @param transactionTime for the transaction, reruns included
 */
public record ExecuteLimits(int operationsMax, Duration transactionTime) {}
