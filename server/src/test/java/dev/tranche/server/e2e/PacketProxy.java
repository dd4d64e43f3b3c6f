package dev.tranche.server.e2e;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a server and its database, knows MariaDB's packets (three bytes of length, a sequence
 * id, the payload), and breaks connections where a {@link Cut} says so.
 */
final class PacketProxy implements AutoCloseable {
    static final int HEADER_BYTES = 4;

    /** Where the sequence id is, which is 0 where a command begins. */
    static final int SEQUENCE = 3;

    private static final int CONNECT_MILLIS_MAX = 2_000;

    private final InetSocketAddress database;
    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile Cut cut = Cut.nowhere();
    private volatile boolean away;

    /** One connection of the server, and the one to the database behind it. */
    private record Link(Socket server, Socket database) {}

    private PacketProxy(InetSocketAddress database, ServerSocket listener) {
        this.database = database;
        this.listener = listener;
    }

    /** Stands before a database, on a free port of loopback. */
    static PacketProxy before(InetSocketAddress database) throws IOException {
        PacketProxy proxy =
                new PacketProxy(
                        database, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The next transaction is cut so. */
    void cut(Cut next) {
        cut = next;
    }

    /** Lets everything through again, and new connections in. */
    void heal() {
        cut.release();
        cut = Cut.nowhere();
        away = false;
    }

    /** Breaks every connection there is; new ones are let in. */
    void sever() {
        links.forEach(PacketProxy::sever);
    }

    /** Waits until the database has done with every connection that the server has lost. */
    void awaitLost() throws Exception {
        Waiting.until(
                "the database has noticed",
                () -> links.stream().noneMatch(link -> link.server().isClosed()));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket server = listener.accept();
                if (away) {
                    server.close();
                } else {
                    join(server);
                }
            } catch (IOException closed) {
                // Either the proxy ends, or this one connection cannot be had.
            }
        }
    }

    private void join(Socket server) throws IOException {
        Socket behind = new Socket();
        behind.connect(database, CONNECT_MILLIS_MAX);
        server.setTcpNoDelay(true);
        behind.setTcpNoDelay(true);
        Link link = new Link(server, behind);
        links.add(link);
        Thread.ofVirtual().start(() -> pump(link, true));
        Thread.ofVirtual().start(() -> pump(link, false));
        if (away) {
            sever(link);
        }
    }

    /** Hands packets on in one direction until either side has closed; then the other side hears. */
    private void pump(Link link, boolean up) {
        Socket from = up ? link.server() : link.database();
        Socket to = up ? link.database() : link.server();
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            for (byte[] packet = next(in); packet != null; packet = next(in)) {
                handOn(link, up, packet, out);
            }
        } catch (IOException broken) {
            // Ends as if it had been closed.
        } finally {
            if (up) {
                sever(link);
            } else {
                end(link);
            }
        }
    }

    private static byte @Nullable [] next(InputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length < HEADER_BYTES) {
            return null;
        }
        int length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
        byte[] packet = new byte[HEADER_BYTES + length];
        System.arraycopy(header, 0, packet, 0, HEADER_BYTES);
        if (in.readNBytes(packet, HEADER_BYTES, length) < length) {
            throw new EOFException("half a packet");
        }
        return packet;
    }

    /** What the server has lost is read on, so that the database comes to the end of its work. */
    private void handOn(Link link, boolean up, byte[] packet, OutputStream out) throws IOException {
        Cut now = cut;
        switch (now.at(link, up, packet)) {
            case NOWHERE -> pass(link, packet, out);
            case BEFORE -> lose(link, now);
            case AFTER -> {
                pass(link, packet, out);
                lose(link, now);
            }
            case HELD -> {
                close(link.server());
                now.awaitRelease();
                out.write(packet);
            }
        }
    }

    private static void pass(Link link, byte[] packet, OutputStream out) throws IOException {
        if (!link.server().isClosed()) {
            out.write(packet);
        }
    }

    private void lose(Link link, Cut now) {
        if (now.staysAway()) {
            away = true;
            sever();
        }
        sever(link);
    }

    /** The server sees the connection broken at once; the database an end after the last packet. */
    private static void sever(Link link) {
        close(link.server());
        try {
            link.database().shutdownOutput();
        } catch (IOException gone) {
            close(link.database());
        }
    }

    private void end(Link link) {
        close(link.server());
        close(link.database());
        links.remove(link);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sever();
    }
}
