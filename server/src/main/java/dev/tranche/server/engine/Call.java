package dev.tranche.server.engine;

import dev.tranche.server.schema.Actor;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Who calls, and for how long.
 *
 * @param deadline what is left of the caller's deadline at the moment of asking; a very long time if
 *     there is none
 * @param cancelled whether the caller has gone away
 */
public record Call(Actor actor, Supplier<Duration> deadline, BooleanSupplier cancelled) {

    /** The time for one transaction: the smaller of the caller's and the server's. */
    public Budget budget(Duration serverLimit) {
        Duration left = deadline.get();
        return new Budget(left.compareTo(serverLimit) < 0 ? left : serverLimit, cancelled);
    }

    /** The same call for work that, once begun, is finished though its caller has gone away. */
    public Call uncancelled() {
        return new Call(actor, deadline, () -> false);
    }
}
