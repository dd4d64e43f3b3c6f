package dev.tranche.server.model;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tranche.server.model.State.Entry;
import dev.tranche.server.model.State.Holder;
import dev.tranche.server.model.State.LinkKey;
import dev.tranche.server.model.State.Pointer;
import dev.tranche.server.model.State.RecordKey;
import dev.tranche.server.model.State.Unique;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Texts in generated batches that stand for what only the server knows. They are put in when a batch
 * is sent, so a batch can be sent again to another workspace.
 *
 * @param firstEtags the first etag that was ever seen of a collection's record, by names
 */
record Wishes(State state, Map<List<String>, String> firstEtags) {
    private static final Pattern WISH =
            Pattern.compile(
                    "@(made|living|parent|data|target|unique|link)\\(([^,)]*),([^,)]*),([0-9]+)\\)");
    private static final Pattern ETAG = Pattern.compile("@(etag|first)\\(([^,]*),([^)]*)\\)");

    /** An id that the server made, if there is one. */
    static String madeId(int number) {
        return "@made(,," + number + ")";
    }

    /** The id of a record that lives in a collection, if there is one. */
    static String living(String collection, int number) {
        return "@living(" + collection + ",," + number + ")";
    }

    /** The id of a record that lives in a collection and is pointed at, best over two steps, if there is one. */
    static String parent(String collection, int number) {
        return "@parent(" + collection + ",," + number + ")";
    }

    /** The data of the record that {@link #living} names, if it was given as text. */
    static String data(String collection, int number) {
        return "@data(" + collection + ",," + number + ")";
    }

    /** The id of a record that a field of the collection's records can point at, if there is one. */
    static String target(String collection, String field, int number) {
        return "@target(" + collection + "," + field + "," + number + ")";
    }

    /** The name of a unique constraint of the collection, if there is one. */
    static String unique(String collection, int number) {
        return "@unique(" + collection + ",," + number + ")";
    }

    /** The type or an end of a relationship, if there is one: the same number, the same one. */
    static String link(String part, int number) {
        return "@link(" + part + ",," + number + ")";
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
                WISH.matcher(text).replaceAll(found -> Matcher.quoteReplacement(nameOrId(found)));
        return ETAG.matcher(named).replaceAll(found -> Matcher.quoteReplacement(etag(found)));
    }

    private String nameOrId(MatchResult found) {
        Holder holder = state.collections.get(found.group(2));
        int number = Integer.parseInt(found.group(4));
        return switch (found.group(1)) {
            case "made" ->
                    chosen(
                            number,
                            "x",
                            state.records.keySet().stream()
                                    .map(RecordKey::id)
                                    .filter(id -> !IdGenerator.IDS.contains(id)));
            case "living" -> chosen(number, "x", livingIn(holder));
            case "parent" -> chosen(number, "y", parents(holder));
            case "data" -> data(holder, chosen(number, "x", livingIn(holder)));
            case "target" -> chosen(number, "x", livingIn(target(holder, found.group(3))));
            case "link" -> linkPart(found.group(2), number);
            default ->
                    chosen(
                            number,
                            "u1",
                            holder == null
                                    ? Stream.of()
                                    : holder.definition().unique().stream().map(Unique::name));
        };
    }

    private String linkPart(String part, int number) {
        if (state.links.isEmpty()) {
            return part.endsWith("collection") ? "a" : "x";
        }
        LinkKey key = List.copyOf(state.links.keySet()).get(number % state.links.size());
        return switch (part) {
            case "source" -> key.source().id();
            case "source collection" -> state.holder(key.source()).name();
            case "target" -> key.target().id();
            case "target collection" -> state.holder(key.target()).name();
            default -> key.type();
        };
    }

    private static String chosen(int number, String otherwise, Stream<String> names) {
        List<String> sorted = names.sorted().toList();
        return sorted.isEmpty() ? otherwise : sorted.get(number % sorted.size());
    }

    private Stream<String> livingIn(@Nullable Holder holder) {
        return holder == null
                ? Stream.of()
                : state.livingIn(holder).keySet().stream().map(RecordKey::id);
    }

    /** If there are any, those at which one points that is pointed at itself. */
    private Stream<String> parents(@Nullable Holder holder) {
        if (holder == null) {
            return Stream.of();
        }
        List<RecordKey> parents =
                state.livingIn(holder).keySet().stream()
                        .filter(one -> !children(one).isEmpty())
                        .toList();
        List<RecordKey> grandparents =
                parents.stream()
                        .filter(one ->
                                children(one).stream()
                                        .anyMatch(child -> !children(child).isEmpty()))
                        .toList();
        return (grandparents.isEmpty() ? parents : grandparents).stream().map(RecordKey::id);
    }

    private List<RecordKey> children(RecordKey parent) {
        Holder holder = state.holder(parent);
        return state.records.keySet().stream()
                .filter(child -> !child.equals(parent) && pointsAt(child, holder, parent.id()))
                .toList();
    }

    private boolean pointsAt(RecordKey child, Holder holder, String id) {
        return state.holder(child).definition().references().stream()
                .filter(one -> one.collection().equals(holder.name()))
                .anyMatch(one -> pointsAt(child, one, id));
    }

    private boolean pointsAt(RecordKey child, Pointer pointer, String id) {
        Entry entry = state.living(child);
        return entry != null && id.equals(Values.at(entry.data().value(), pointer.field()));
    }

    private String data(@Nullable Holder holder, String id) {
        Entry entry =
                holder == null ? null : state.records.get(new RecordKey(holder.incarnation(), id));
        String text = entry == null ? null : entry.data().text();
        return text == null ? "{}" : text;
    }

    private @Nullable Holder target(@Nullable Holder holder, String field) {
        if (holder == null) {
            return null;
        }
        for (Pointer pointer : holder.definition().references()) {
            if (pointer.field().equals(field)) {
                return state.collections.get(pointer.collection());
            }
        }
        return holder;
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
