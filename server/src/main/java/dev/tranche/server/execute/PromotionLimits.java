package dev.tranche.server.execute;

import java.time.Duration;

/**
 * The limits of a {@code PromoteCollections}.
 *
 * @param collectionsMax collections of one call; the setting is {@code --operations-max}
 * @param schemaBytesMax UTF-8 bytes of their schemas together; the setting is {@code
 *     --load-bytes-max}
 * @param transactionTime for the transaction, reruns included
 */
public record PromotionLimits(int collectionsMax, long schemaBytesMax, Duration transactionTime) {}
