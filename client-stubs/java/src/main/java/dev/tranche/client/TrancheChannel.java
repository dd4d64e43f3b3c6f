package dev.tranche.client;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Builds a channel to a server. Whether it is encrypted is always said: there is no default.
 *
 * <p>One channel serves any number of calls and threads; whoever builds it shuts it down.
 */
public final class TrancheChannel {
    private static final Duration KEEPALIVE_INTERVAL_MIN = Duration.ofSeconds(10);
    private static final Duration KEEPALIVE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration KEEPALIVE_TIME_MAX = Duration.ofSeconds(20);
    private static final int REPLY_BYTES_MIN = 64 * 1024;
    private static final int REPLY_BYTES = 16 * 1024 * 1024;

    /** The details of a failure, up to 4 KiB, are a third larger as a header. */
    private static final int HEADER_BYTES = 16 * 1024;

    private final String target;
    private final ChannelCredentials credentials;
    private Duration keepaliveInterval = KEEPALIVE_INTERVAL;
    private Duration keepaliveTimeMax = KEEPALIVE_TIME_MAX;
    private int replyBytesMax = REPLY_BYTES;

    private TrancheChannel(String target, ChannelCredentials credentials) {
        this.target = target;
        this.credentials = credentials;
    }

    /**
     * Unencrypted: for a server on this machine, or behind a mesh that encrypts.
     *
     * @param target {@code host:port}, or a gRPC target such as {@code dns:///host:port}
     */
    public static TrancheChannel plaintext(String target) {
        return new TrancheChannel(target, InsecureChannelCredentials.create());
    }

    /**
     * Encrypted, and the server's certificate checked against the authorities that the JVM trusts.
     *
     * @param target {@code host:port}, or a gRPC target such as {@code dns:///host:port}
     */
    public static TrancheChannel tls(String target) {
        return tls(target, TlsChannelCredentials.create());
    }

    /**
     * Encrypted with credentials of the caller's choice: other authorities, a client certificate.
     *
     * @param target {@code host:port}, or a gRPC target such as {@code dns:///host:port}
     */
    public static TrancheChannel tls(String target, ChannelCredentials credentials) {
        return new TrancheChannel(target, credentials);
    }

    /**
     * How long a connection with calls on it may be silent before it is pinged. Default 30 s, at
     * least 10 s: a server cuts off callers that ping more often than its own setting allows, which
     * is 10 s unless its operator says otherwise. A connection without calls is never pinged.
     *
     * @throws IllegalArgumentException if it is less than 10 s
     */
    public TrancheChannel keepaliveInterval(Duration interval) {
        if (interval.compareTo(KEEPALIVE_INTERVAL_MIN) < 0) {
            throw new IllegalArgumentException(
                    "keepalive interval: %s given, at least %s allowed"
                            .formatted(interval, KEEPALIVE_INTERVAL_MIN));
        }
        keepaliveInterval = interval;
        return this;
    }

    /**
     * How long the answer to a ping may take before the connection counts as dead and its calls
     * fail with {@code UNAVAILABLE}. Default 20 s.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public TrancheChannel keepaliveTimeMax(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(
                    "keepalive time: %s given, more than 0 allowed".formatted(time));
        }
        keepaliveTimeMax = time;
        return this;
    }

    /**
     * The largest reply message that is accepted, in bytes; a larger one fails its call with {@code
     * RESOURCE_EXHAUSTED}. Default 16 MiB, at least 64 KiB. A server sends at most 4 MiB unless its
     * operator says otherwise ({@code Limits.reply_bytes_max}).
     *
     * @throws IllegalArgumentException if it is less than 64 KiB
     */
    public TrancheChannel replyBytesMax(int bytes) {
        if (bytes < REPLY_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "reply bytes: %d given, at least %d allowed".formatted(bytes, REPLY_BYTES_MIN));
        }
        replyBytesMax = bytes;
        return this;
    }

    /** Connects at the first call, not here. */
    public ManagedChannel build() {
        return Grpc.newChannelBuilder(target, credentials)
                .userAgent("tranche-java")
                .keepAliveTime(keepaliveInterval.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(keepaliveTimeMax.toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMessageSize(replyBytesMax)
                .maxInboundMetadataSize(HEADER_BYTES)
                .build();
    }
}
