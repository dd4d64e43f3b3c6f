package dev.tranche.server.store;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;

/** JSON text that one transaction has brought into memory, in UTF-8 bytes. */
final class LoadedBytes {
    private final long max;
    private long bytes;

    /**
     * @param max the setting is {@code --load-bytes-max}
     */
    LoadedBytes(long max) {
        this.max = max;
    }

    long left() {
        return max - bytes;
    }

    void add(long read) {
        bytes += read;
        if (bytes > max) {
            throw new CallFailure(
                    new Failure.LimitExceeded(
                            "--load-bytes-max",
                            "records and relationships read by the operations, in bytes",
                            bytes,
                            max));
        }
    }
}
