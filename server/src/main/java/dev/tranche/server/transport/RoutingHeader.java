package dev.tranche.server.transport;

import io.grpc.Metadata;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code x-goog-request-params}, as <a href="https://google.aip.dev/client-libraries/4222">
 * AIP-4222</a> says: fields of the request, such as {@code workspace=default}, for whoever does not
 * read messages.
 */
final class RoutingHeader {
    /** Its name. */
    static final Metadata.Key<String> KEY =
            Metadata.Key.of("x-goog-request-params", Metadata.ASCII_STRING_MARSHALLER);

    private static final String WORKSPACE = "workspace=";

    private RoutingHeader() {}

    /** The workspace that it names; null if none. */
    static @Nullable String workspace(Metadata headers) {
        String fields = headers.get(KEY);
        if (fields == null) {
            return null;
        }
        for (String field : fields.split("&", -1)) {
            if (field.startsWith(WORKSPACE)) {
                return decoded(field.substring(WORKSPACE.length()));
            }
        }
        return null;
    }

    private static @Nullable String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
