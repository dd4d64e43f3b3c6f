package dev.tranche.server.operation;

import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.Reference.Target;
import dev.tranche.server.operation.Reference.What;
import dev.tranche.server.schema.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/** What the operations of a pass came to so far: what later ones refer to and depend on. */
final class History {
    /** Of a reference that is quoted in a message. */
    private static final int SHOWN_CHARS_MAX = 80;

    private final List<Item> items;
    private final Map<String, Integer> aliases = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final @Nullable String[] ids;
    private final Map<Place, Integer> missing = new HashMap<>();
    private int mark;

    /** Who failed to make it as of the mark, of the places that changed since; null without a mark. */
    private @Nullable Map<Place, Optional<Integer>> beforeMark;

    History(List<Item> items) {
        this.items = items;
        this.ids = new @Nullable String[items.size()];
        for (int i = 0; i < items.size(); i++) {
            String alias = items.get(i).alias();
            if (alias != null) {
                aliases.put(alias, i);
            }
        }
    }

    /** Position of the operation that comes next, from 0. */
    int position() {
        return steps.size();
    }

    Step step(int position) {
        return steps.get(position);
    }

    /** Notes which record the operation at hand is about, whatever becomes of it. */
    void settle(String id) {
        ids[position()] = id;
    }

    void add(Item item, Step step) {
        boolean failed = step instanceof Step.Failed;
        Place made = failed || !missing.isEmpty() ? made(item.operation(), ids[position()]) : null;
        if (made != null) {
            noteChange(made);
            if (failed) {
                missing.putIfAbsent(made, item.index());
            } else {
                missing.remove(made);
            }
        }
        steps.add(step);
    }

    /** Begins what may be rolled back. */
    void mark() {
        mark = position();
        beforeMark = new LinkedHashMap<>();
    }

    /** Keeps what was done since the mark. */
    void dropMark() {
        beforeMark = null;
    }

    private void noteChange(Place place) {
        if (beforeMark != null) {
            beforeMark.putIfAbsent(place, Optional.ofNullable(missing.get(place)));
        }
    }

    boolean failedSinceMark() {
        return steps.subList(mark, position()).stream().anyMatch(Step.Failed.class::isInstance);
    }

    /** What was done since the mark is not done; what was made is missing. */
    void rollBackToMark() {
        Objects.requireNonNull(beforeMark, "no mark")
                .forEach((place, culprit) ->
                        culprit.ifPresentOrElse(
                                index -> missing.put(place, index), () -> missing.remove(place)));
        beforeMark = null;
        for (int position = mark; position < position(); position++) {
            if (steps.get(position) instanceof Step.Done) {
                steps.set(position, new Step.RolledBack());
            }
            Place made = made(items.get(position).operation(), ids[position]);
            if (made != null) {
                missing.putIfAbsent(made, items.get(position).index());
            }
        }
    }

    /** It was to be deleted: from here on it is not missing because something failed to make it. */
    void forget(Place deleted) {
        missing.entrySet()
                .removeIf(one -> {
                    boolean forgotten = one.getKey().hangsOn(deleted);
                    if (forgotten) {
                        noteChange(one.getKey());
                    }
                    return forgotten;
                });
    }

    /** Index of the failed operation that would have made this; null if there is none. */
    @Nullable Integer missing(Place place) {
        return missing.get(place);
    }

    /**
     * The id a reference in a field stands for.
     *
     * @param path of the field
     */
    String id(Reference reference, String path) {
        if (!(reference.what() instanceof What.Id)) {
            throw unresolved(reference, path, "a field for an id takes ….id");
        }
        return value(reference, path).stringValue();
    }

    /**
     * The etag a reference in a field stands for.
     *
     * @param path of the field
     */
    String etag(Reference reference, String path) {
        if (!(reference.what() instanceof What.OfEtag)) {
            throw unresolved(reference, path, "if_match takes ….etag");
        }
        return value(reference, path).stringValue();
    }

    /**
     * What a reference stands for.
     *
     * @param path of the place it stands in
     */
    JsonNode value(Reference reference, String path) {
        int position = position(reference, path);
        if (position >= position()) {
            throw unresolved(reference, path, "an operation can only refer to earlier ones");
        }
        return switch (steps.get(position)) {
            case Step.Failed failed -> throw dependent(reference, path, position, "failed");
            case Step.RolledBack rolledBack ->
                    throw dependent(reference, path, position, "was rolled back");
            case Step.Incomplete incomplete -> {
                String id = ids[position];
                if (id == null || !(reference.what() instanceof What.Id)) {
                    throw Stop.incomplete(new Needs());
                }
                yield StringNode.valueOf(id);
            }
            case Step.Done done -> {
                JsonNode value = part(reference.what(), done.result());
                if (value == null) {
                    String why = "operation " + position + " did not result in that";
                    throw unresolved(reference, path, why);
                }
                yield value;
            }
        };
    }

    private static @Nullable JsonNode part(What what, Applied result) {
        return switch (what) {
            case What.Id id -> text(result.recordId());
            case What.OfEtag etag -> text(result.etag());
            case What.Version version ->
                    result.version() == 0 ? null : LongNode.valueOf(result.version());
            case What.InData inData ->
                    switch (result.resource()) {
                        case Resource.OfRecord record -> at(inData.path(), record.row().data());
                        case Resource.OfRelationship link -> at(inData.path(), link.row().data());
                        case Resource.OfCollection collection -> null;
                        case null -> null;
                    };
        };
    }

    private static @Nullable JsonNode text(@Nullable String value) {
        return value == null ? null : StringNode.valueOf(value);
    }

    private static @Nullable JsonNode at(List<String> path, @Nullable Json data) {
        JsonNode node = data == null ? MissingNode.getInstance() : data.tree();
        for (String name : path) {
            node = node.isArray() ? element(node, name) : node.path(name);
        }
        return node.isMissingNode() ? null : node;
    }

    private static JsonNode element(JsonNode array, String position) {
        boolean whole = position.matches("0|[1-9][0-9]{0,8}");
        return whole ? array.path(Integer.parseInt(position)) : MissingNode.getInstance();
    }

    private int position(Reference reference, String path) {
        return switch (reference.target()) {
            case Target.AtIndex target when target.index() < items.size() -> target.index();
            case Target.AtIndex target ->
                    throw unresolved(
                            reference, path, "the batch has " + items.size() + " operations");
            case Target.WithAlias target -> {
                Integer position = aliases.get(target.alias());
                if (position == null) {
                    throw unresolved(reference, path, "no operation has this alias");
                }
                yield position;
            }
            case null ->
                    throw unresolved(
                            reference,
                            path,
                            "${ops[N].…} or ${alias.…} with id, version, etag or data.… allowed");
        };
    }

    private static Stop dependent(Reference reference, String path, int position, String why) {
        Message message =
                Message.of(
                        "{reference}: operation {earlier_index} " + why,
                        "reference",
                        shown(reference),
                        "earlier_index",
                        position);
        return Stop.failed(
                ItemError.of(Reason.DEPENDENCY_FAILED, message).at(path).causedBy(position));
    }

    private static Stop unresolved(Reference reference, String path, String why) {
        Message message =
                Message.of("{reference} cannot be resolved: ", "reference", shown(reference))
                        .and(why);
        return Stop.failed(ItemError.of(Reason.UNRESOLVED_REFERENCE, message).at(path));
    }

    private static String shown(Reference reference) {
        String text = reference.text();
        return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "…";
    }

    private @Nullable Place made(Operation operation, @Nullable String id) {
        return switch (operation) {
            case Operation.CreateRecord create -> record(create.collection(), id);
            case Operation.UpsertRecord upsert -> record(upsert.collection(), id);
            case Operation.UpsertCollection upsert -> new Place.OfCollection(upsert.collection());
            case Operation.UpsertRelationship upsert ->
                    link(upsert.type(), upsert.source(), upsert.target());
            case Operation.UpdateRecord update -> null;
            case Operation.DeleteRecord delete -> null;
            case Operation.GetRecord get -> null;
            case Operation.DeleteRelationship delete -> null;
            case Operation.DeleteCollection delete -> null;
        };
    }

    private static @Nullable Place record(String collection, @Nullable String id) {
        return id == null ? null : new Place.OfRecord(collection, id);
    }

    private @Nullable Place link(String type, Operation.End source, Operation.End target) {
        String from = quietly(source.id());
        String to = quietly(target.id());
        return from == null || to == null
                ? null
                : new Place.OfLink(
                        type,
                        new Place.OfRecord(source.collection(), from),
                        new Place.OfRecord(target.collection(), to));
    }

    private @Nullable String quietly(IdExpression id) {
        return switch (id) {
            case IdExpression.Literal literal -> literal.id();
            case IdExpression.Generated generated -> null;
            case IdExpression.FromResult result
                    when !(result.reference().what() instanceof What.Id) ->
                    null;
            case IdExpression.FromResult result -> {
                Integer position =
                        switch (result.reference().target()) {
                            case Target.AtIndex target -> target.index();
                            case Target.WithAlias target -> aliases.get(target.alias());
                            case null -> null;
                        };
                yield position == null || position >= ids.length ? null : ids[position];
            }
        };
    }
}
