package dev.tranche.server.operation;

import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the operations of a pass came to so far: what later ones refer to and depend on. */
final class History {
    private final int size;
    private final Map<String, Integer> aliases = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final @Nullable String[] ids;
    private final Map<Place, Integer> missing = new HashMap<>();

    History(List<Item> items) {
        this.size = items.size();
        this.ids = new @Nullable String[size];
        for (int i = 0; i < size; i++) {
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
        Place made = made(item.operation(), ids[position()]);
        if (made != null) {
            if (step instanceof Step.Failed) {
                missing.putIfAbsent(made, item.index());
            } else {
                missing.remove(made);
            }
        }
        steps.add(step);
    }

    /** Index of the failed operation that would have made this; null if there is none. */
    @Nullable Integer missing(Place place) {
        return missing.get(place);
    }

    /**
     * The id a reference stands for.
     *
     * @param path of the field it stands in
     */
    String resolve(Reference reference, String path) {
        int position = position(reference, path);
        if (position >= position()) {
            throw unresolved(reference, path, "an operation can only refer to earlier ones");
        }
        if (steps.get(position) instanceof Step.Failed) {
            String message = reference.text() + ": operation " + position + " failed";
            throw Stop.failed(
                    ItemError.at(
                                    Reason.DEPENDENCY_FAILED,
                                    message,
                                    List.of(new Violation(path, message)))
                            .causedBy(position));
        }
        String id = ids[position];
        if (id == null) {
            throw unresolved(reference, path, "operation " + position + " is not about a record");
        }
        return id;
    }

    private int position(Reference reference, String path) {
        return switch (reference) {
            case Reference.ByIndex ref when ref.index() < size -> ref.index();
            case Reference.ByIndex ref ->
                    throw unresolved(ref, path, "the batch has " + size + " operations");
            case Reference.ByAlias ref -> {
                Integer position = aliases.get(ref.alias());
                if (position == null) {
                    throw unresolved(ref, path, "no operation has this alias");
                }
                yield position;
            }
            case Reference.Malformed ref ->
                    throw unresolved(ref, path, "${ops[N].id} or ${alias.id} allowed");
        };
    }

    private static Stop unresolved(Reference reference, String path, String why) {
        String given = reference.text();
        String shown = given.length() <= 80 ? given : given.substring(0, 80) + "…";
        String message = shown + " cannot be resolved: " + why;
        return Stop.failed(
                ItemError.at(
                        Reason.UNRESOLVED_REFERENCE,
                        message,
                        List.of(new Violation(path, message))));
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
            case IdExpression.FromResult result -> {
                Integer position =
                        switch (result.reference()) {
                            case Reference.ByIndex ref -> ref.index();
                            case Reference.ByAlias ref -> aliases.get(ref.alias());
                            case Reference.Malformed ref -> null;
                        };
                yield position == null || position >= size ? null : ids[position];
            }
        };
    }
}
