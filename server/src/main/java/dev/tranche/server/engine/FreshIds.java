package dev.tranche.server.engine;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.tranche.server.operation.Item.Fresh;
import java.security.SecureRandom;

/** Draws ids before the first load, so that the database never has to. */
public final class FreshIds {
    private final SecureRandom random = new SecureRandom();
    private final TimeOrderedEpochFactory uuids = new TimeOrderedEpochFactory(random);

    /** A UUIDv7 (RFC 9562) as text of 36 characters: for records and batches. */
    public String next() {
        return uuids.create().toString();
    }

    /** What an operation needs if it creates something. */
    public Fresh fresh() {
        return new Fresh(next(), random.nextLong() & Long.MAX_VALUE);
    }
}
