package dev.tranche.server.config;

import dev.tranche.server.config.Setting.Limit;
import dev.tranche.server.config.Setting.Switch;
import dev.tranche.server.config.Setting.Text;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Where the service listens.
 *
 * @param port 0 for any that is free
 */
public record Listen(InetAddress address, int port) {
    static final Text HOST =
            new Text(
                    "host",
                    "ADDRESS",
                    Pattern.compile("\\S{1,253}"),
                    "an address or host name",
                    "127.0.0.1",
                    null,
                    "Address to listen on; any but a loopback address needs --insecure-anonymous");
    static final Limit PORT =
            new Limit(
                    "port", Unit.PORT, 0, 50_051, 65_535, "Port to listen on; 0 takes a free one");
    static final Switch INSECURE_ANONYMOUS =
            new Switch(
                    "insecure-anonymous",
                    false,
                    "Allow other than loopback addresses, though whoever reaches them may do"
                            + " everything: callers are not identified");
    static final Section SECTION = new Section("Listening", HOST, PORT, INSECURE_ANONYMOUS);

    static Listen of(Values values) throws BadSettings {
        String host = values.text(HOST);
        InetAddress address = resolve(values, host == null ? HOST.standard() : host);
        if (!address.isLoopbackAddress() && !values.on(INSECURE_ANONYMOUS)) {
            throw new BadSettings(
                    "%s: %s given, only a loopback address allowed without %s"
                            .formatted(values.nameOf(HOST), host, INSECURE_ANONYMOUS.option()));
        }
        return new Listen(address, values.count(PORT));
    }

    private static InetAddress resolve(Values values, String host) throws BadSettings {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new BadSettings(
                    "%s: '%s' given, which has no address".formatted(values.nameOf(HOST), host));
        }
    }
}
