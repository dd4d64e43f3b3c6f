package dev.tranche.server.engine;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.tranche.server.operation.Item.Fresh;
import java.security.SecureRandom;

/** Draws ids before the first load, so that the database never has to. */
public final class FreshIds {
    private final SecureRandom random = new SecureRandom();
    private final TimeBasedEpochGenerator uuids = Generators.timeBasedEpochGenerator(random);

    /** A UUIDv7 (RFC 9562) as text of 36 characters: for records and batches. */
    public String next() {
        return uuids.generate().toString();
    }

    /** What an operation needs if it creates something. */
    public Fresh fresh() {
        return new Fresh(next(), random.nextLong() & Long.MAX_VALUE);
    }
}
