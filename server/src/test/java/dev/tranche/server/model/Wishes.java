package dev.tranche.server.model;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tranche.server.model.State.Entry;
import dev.tranche.server.model.State.Holder;
import dev.tranche.server.model.State.RecordKey;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts in generated batches that stand for what only the server knows. They are put in when a batch
 * is sent, so a batch can be sent again to another workspace.
 *
 * @param firstEtags the first etag that was ever seen of a collection's record, by names
 */
record Wishes(State state, Map<List<String>, String> firstEtags) {
    private static final Pattern ID = Pattern.compile("@id\\(([0-9]+)\\)");
    private static final Pattern ETAG = Pattern.compile("@(etag|first)\\(([^,]*),([^)]*)\\)");

    /** An id that the server made, if there is one. */
    static String id(int number) {
        return "@id(" + number + ")";
    }

    /** The etag that a record has now. */
    static String etag(String collection, String id) {
        return "@etag(" + collection + "," + id + ")";
    }

    /** The first etag that a record ever had. */
    static String firstEtag(String collection, String id) {
        return "@first(" + collection + "," + id + ")";
    }

    /** The message with what its texts stand for. */
    @SuppressWarnings("unchecked") // a builder's message is of its own type
    <M extends Message> M fill(M message) {
        Message.Builder builder = message.toBuilder();
        message.getAllFields()
                .forEach((field, value) -> builder.setField(field, fill(field, value)));
        return (M) builder.build();
    }

    private Object fill(FieldDescriptor field, Object value) {
        return value instanceof List<?> list
                ? list.stream().map(one -> filled(field, one)).toList()
                : filled(field, value);
    }

    private Object filled(FieldDescriptor field, Object value) {
        return switch (field.getJavaType()) {
            case STRING -> text((String) value);
            case MESSAGE -> fill((Message) value);
            default -> value;
        };
    }

    private String text(String text) {
        String named =
                ID.matcher(text)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(madeId(Integer.parseInt(found.group(1)))));
        return ETAG.matcher(named).replaceAll(found -> Matcher.quoteReplacement(etag(found)));
    }

    private String madeId(int number) {
        List<String> made =
                state.records.keySet().stream()
                        .map(RecordKey::id)
                        .filter(id -> !DataGenerator.IDS.contains(id))
                        .sorted()
                        .toList();
        return made.isEmpty() ? "x" : made.get(number % made.size());
    }

    private String etag(MatchResult found) {
        String collection = found.group(2);
        if (found.group(1).equals("first")) {
            return firstEtags.getOrDefault(List.of(collection, found.group(3)), "none yet");
        }
        Holder holder = state.collections.get(collection);
        Entry entry =
                holder == null
                        ? null
                        : state.records.get(new RecordKey(holder.incarnation(), found.group(3)));
        return entry == null ? "of no record" : entry.etag();
    }
}
