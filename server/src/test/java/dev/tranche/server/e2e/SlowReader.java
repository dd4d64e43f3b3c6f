package dev.tranche.server.e2e;

import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.BatchServiceGrpc.BatchServiceBlockingV2Stub;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;

/** A connection that takes little unread, so that a stream nobody reads soon stands still. */
record SlowReader(ManagedChannel connection) implements AutoCloseable {
    private static final int WINDOW_BYTES = 64 * 1024;

    static SlowReader of(TestServer server) {
        return new SlowReader(
                NettyChannelBuilder.forTarget(server.channel().authority())
                        .usePlaintext()
                        .flowControlWindow(WINDOW_BYTES)
                        .build());
    }

    BatchServiceBlockingV2Stub batches() {
        return BatchServiceGrpc.newBlockingV2Stub(connection);
    }

    @Override
    public void close() {
        connection.shutdownNow();
    }
}
