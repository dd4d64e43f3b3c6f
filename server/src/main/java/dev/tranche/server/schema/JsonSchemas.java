package dev.tranche.server.schema;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles JSON Schemas of draft 2020-12, and keeps those used last. {@code format} annotates only.
 * Safe for use by many threads.
 */
public final class JsonSchemas {
    private final JsonLimits limits;
    private final SchemaCheck check;

    /** By SHA-256 of the text, that used longest ago first. Guards itself and the count. */
    private final Map<ByteBuffer, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long keptBytes;

    private record Kept(CompiledSchema compiled, int bytes) {}

    public JsonSchemas(JsonLimits limits) {
        this.limits = limits;
        this.check = new SchemaCheck(limits);
    }

    /**
     * Compiles a schema, or finds it among those compiled before.
     *
     * @throws InvalidSchemaException if it is not a schema of draft 2020-12, if it refers to anything
     *     outside of its text or to itself without end, or if it goes beyond a limit
     */
    public CompiledSchema compile(Json schema) throws InvalidSchemaException {
        byte[] text = schema.text().getBytes(StandardCharsets.UTF_8);
        ByteBuffer key = ByteBuffer.wrap(Sha256.digest().digest(text));
        CompiledSchema known = find(key);
        if (known != null) {
            return known;
        }
        Patterns patterns = new Patterns(limits);
        check.check(schema, patterns);
        CompiledSchema compiled = Compilation.compile(schema, patterns, limits);
        keep(key, new Kept(compiled, text.length));
        return compiled;
    }

    private @Nullable CompiledSchema find(ByteBuffer key) {
        synchronized (kept) {
            Kept found = kept.get(key);
            return found == null ? null : found.compiled();
        }
    }

    private void keep(ByteBuffer key, Kept compiled) {
        synchronized (kept) {
            Kept other = kept.put(key, compiled);
            keptBytes += compiled.bytes() - (other == null ? 0 : other.bytes());
            Iterator<Kept> oldest = kept.values().iterator();
            while (keptBytes > limits.compiledBytesMax()) {
                keptBytes -= oldest.next().bytes();
                oldest.remove();
            }
        }
    }
}
