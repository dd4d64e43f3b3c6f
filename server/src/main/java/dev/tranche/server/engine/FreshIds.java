package dev.tranche.server.engine;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.tranche.server.operation.Item.Fresh;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Draws ids before the first load, so that the database never has to. */
public final class FreshIds {
    /** Drawn at once, for each time costs a call of the system. */
    private static final int DRAWN_BYTES = 4_096;

    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer drawn = ByteBuffer.allocate(DRAWN_BYTES).limit(0);
    private final TimeOrderedEpochFactory uuids = new TimeOrderedEpochFactory(this::draw);

    /** A UUIDv7 (RFC 9562) as text of 36 characters: for records and batches. */
    public String next() {
        return uuids.create().toString();
    }

    /** What an operation needs if it creates something. */
    public Fresh fresh() {
        return new Fresh(next(), draw() & Long.MAX_VALUE);
    }

    private long draw() {
        synchronized (drawn) {
            if (!drawn.hasRemaining()) {
                random.nextBytes(drawn.array());
                drawn.clear();
            }
            return drawn.getLong();
        }
    }
}
