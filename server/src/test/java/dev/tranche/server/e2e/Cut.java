package dev.tranche.server.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a transaction loses its connection. Packets are counted from 1, in both directions together,
 * from the one with the first statement of the transaction.
 */
final class Cut {
    private static final int NEVER = -1;
    private static final int SHOWN_BYTES = 60;

    /** Plain statements and those to prepare; not what the driver says when it connects. */
    private static final Pattern STATEMENT = Pattern.compile("^> (SELECT [^@]|UPDATE |INSERT )");

    /** Commands of the protocol that run what was prepared before: once, and for many rows. */
    private static final Set<Byte> EXECUTIONS = Set.of((byte) 0x17, (byte) 0xfa);

    private final int packet;
    private final Place place;
    private final boolean staysAway;
    private final List<String> seen = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private @Nullable Object connection;
    private boolean done;

    /** On which side of its packet. */
    enum Place {
        NOWHERE,
        /** The packet is lost. */
        BEFORE,
        /** The packet arrives, and is the last that does. */
        AFTER,
        /** The packet arrives, but only when the server has long lost its connection. */
        HELD
    }

    private Cut(int packet, Place place, boolean staysAway) {
        this.packet = packet;
        this.place = place;
        this.staysAway = staysAway;
    }

    /** None: only counts. */
    static Cut nowhere() {
        return new Cut(NEVER, Place.NOWHERE, false);
    }

    /** Of one connection; the database can be reached by others. */
    static Cut at(int packet, Place place) {
        return new Cut(packet, place, false);
    }

    /** The same, and from then on the database cannot be reached at all. */
    Cut andStaysAway() {
        return new Cut(packet, place, true);
    }

    boolean staysAway() {
        return staysAway;
    }

    /** What is to happen at the next packet of a connection. */
    synchronized Place at(Object link, boolean up, byte[] bytes) {
        String text = (up ? "> " : "< ") + text(bytes);
        if (connection == null && up && isStatement(bytes, text)) {
            connection = link;
        }
        if (!link.equals(connection) || done) {
            return Place.NOWHERE;
        }
        seen.add(text);
        done = seen.size() == packet;
        return done ? place : Place.NOWHERE;
    }

    /** Lets go of the packet that was held. */
    void release() {
        release.countDown();
    }

    void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it has happened. */
    synchronized boolean isDone() {
        return done;
    }

    /** How many packets there were. */
    synchronized int packets() {
        return seen.size();
    }

    /** Number of the packet that asks for COMMIT. */
    synchronized int commit() {
        for (int i = 0; i < seen.size(); i++) {
            if (seen.get(i).startsWith("> ") && seen.get(i).endsWith("COMMIT")) {
                return i + 1;
            }
        }
        throw new AssertionError("no COMMIT in " + seen);
    }

    private static boolean isStatement(byte[] packet, String text) {
        boolean isCommand =
                packet.length > PacketProxy.HEADER_BYTES && packet[PacketProxy.SEQUENCE] == 0;
        return STATEMENT.matcher(text).find()
                || (isCommand && EXECUTIONS.contains(packet[PacketProxy.HEADER_BYTES]));
    }

    private static String text(byte[] packet) {
        int from = Math.min(packet.length, PacketProxy.HEADER_BYTES + 1);
        int length = Math.min(SHOWN_BYTES, packet.length - from);
        return new String(packet, from, length, ISO_8859_1).strip();
    }

    @Override
    public synchronized String toString() {
        String last = seen.isEmpty() ? "nothing" : seen.getLast();
        return place + " packet " + packet + (staysAway ? ", away" : "") + ": " + last;
    }
}
