package dev.tranche.server.operation;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;

import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferenceKey;
import dev.tranche.server.operation.RowKey.ReferrersKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.CollectionReference;
import dev.tranche.server.schema.OnDelete;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Deletes a record with everything that goes with it: its unique values, its relationships, and the
 * records that point at it by cascade, with theirs. Goes on level by level, so that each is loaded in
 * bulk.
 */
final class Deletion {
    private final Scope scope;
    private final WorkingSet set;
    private final Map<RecordKey, Doomed> doomed = new LinkedHashMap<>();
    private final List<Pointer> restricting = new ArrayList<>();
    private boolean sawAll = true;

    /** A record that goes. */
    private record Doomed(CollectionRow collection, RecordRow row) {
        RecordKey key() {
            return row.key();
        }
    }

    /** How the records of a collection can point at a record. */
    private record Way(RecordKey target, CollectionRow collection, CollectionReference reference) {
        ReferrersKey key() {
            return new ReferrersKey(target, collection.id(), reference.number());
        }
    }

    /** One record that points at one that goes. */
    private record Pointer(Way way, RecordKey source) {
        ReferenceKey row() {
            return new ReferenceKey(source, way.reference().number());
        }
    }

    Deletion(Scope scope) {
        this.scope = scope;
        this.set = scope.set();
    }

    Step of(CollectionRow collection, RecordRow row) {
        List<Doomed> level = List.of(new Doomed(collection, row));
        while (!level.isEmpty()) {
            level.forEach(one -> doomed.put(one.key(), one));
            List<Way> ways = ways(level);
            requireAttached(level, ways);
            level = pointingAt(ways);
        }
        checkRestricting();
        if (!sawAll || !scope.spending().cascade(doomed.size() - 1)) {
            throw tooMany();
        }
        checkLinks();
        Edits edits = Edits.none();
        for (Doomed one : doomed.values()) {
            delete(one, edits);
            scope.gone(new Place.OfRecord(one.collection().name(), one.key().id()));
        }
        return new Step.Done(edits, Applied.of(Effect.DELETED, collection.name(), dead(row)));
    }

    /** Whatever hangs on the records of a level has to be known. */
    private void requireAttached(List<Doomed> level, List<Way> ways) {
        Needs needs = new Needs();
        for (Doomed one : level) {
            needs.add(new LinksKey(one.key()), EXCLUSIVE);
            one.row().keys().forEach(held -> needs.add(held, EXCLUSIVE));
            for (CollectionReference reference : one.collection().references()) {
                needs.add(new ReferenceKey(one.key(), reference.number()), EXCLUSIVE);
            }
        }
        ways.forEach(way -> needs.add(way.key(), EXCLUSIVE));
        scope.require(needs);
    }

    /** How records can point at those of a level. */
    private List<Way> ways(List<Doomed> level) {
        List<Way> ways = new ArrayList<>();
        for (Doomed one : level) {
            for (WorkingSet.Inbound inbound : scope.inbound(one.collection())) {
                ways.add(new Way(one.key(), inbound.collection(), inbound.reference()));
            }
        }
        return ways;
    }

    /** The records that go because they point at one of a level. */
    private List<Doomed> pointingAt(List<Way> ways) {
        List<Pointer> cascading = new ArrayList<>();
        for (Pointer pointer : pointers(ways)) {
            if (pointer.way().reference().onDelete() == OnDelete.RESTRICT) {
                restricting.add(pointer);
            } else if (!doomed.containsKey(pointer.source())) {
                cascading.add(pointer);
            }
        }
        if (doomed.size() + cascading.size() > 1L + scope.spending().limits().cascadeRowsMax()) {
            throw tooMany();
        }
        requireSources(cascading);
        Map<RecordKey, Doomed> next = new LinkedHashMap<>();
        for (Pointer pointer : cascading) {
            RecordRow row = set.get(pointer.source());
            boolean points = pointer.way().target().equals(set.get(pointer.row()));
            if (points && row != null && row.lives()) {
                next.put(row.key(), new Doomed(pointer.way().collection(), row));
            }
        }
        return List.copyOf(next.values());
    }

    /** What pointed there when it was looked up may by now point elsewhere. */
    private void requireSources(List<Pointer> pointers) {
        Needs needs = new Needs();
        for (Pointer one : pointers) {
            needs.add(one.source(), EXCLUSIVE);
            needs.add(one.row(), EXCLUSIVE);
        }
        scope.require(needs);
    }

    private List<Pointer> pointers(List<Way> ways) {
        List<Pointer> pointers = new ArrayList<>();
        for (Way way : ways) {
            set.referrers(way.key()).forEach(source -> pointers.add(new Pointer(way, source)));
            sawAll &= set.knowsAllReferrers(way.key());
        }
        return pointers;
    }

    private void checkRestricting() {
        for (Pointer pointer : restricting) {
            if (!doomed.containsKey(pointer.source())) {
                Way way = pointer.way();
                Message message =
                        Message.of(
                                "record \"{id}\" of \"{collection}\" points at \"{target}\" by"
                                        + " \"{field}\"",
                                "id",
                                pointer.source().id(),
                                "collection",
                                way.collection().name(),
                                "target",
                                way.target().id(),
                                "field",
                                way.reference().field());
                throw Stop.failed(
                        ItemError.of(Reason.REFERENCE_VIOLATION, message)
                                .because(pointer.source().id()));
            }
        }
    }

    private void checkLinks() {
        if (!doomed.keySet().stream().allMatch(set::knowsAllLinks)) {
            Message message =
                    Message.of(
                            "more than {limit} relationships go with the records that the batch"
                                    + " deletes ({setting})",
                            "limit",
                            scope.spending().limits().cascadeRowsMax(),
                            "setting",
                            "--cascade-rows-max");
            throw scope.failed(Reason.LIMIT_EXCEEDED, message, scope.path("id"));
        }
    }

    private Stop tooMany() {
        Message message =
                Message.of(
                        "more than {limit} records go by cascade, or point at one that is to go"
                                + " ({setting})",
                        "limit",
                        scope.spending().limits().cascadeRowsMax(),
                        "setting",
                        "--cascade-rows-max");
        return scope.failed(Reason.LIMIT_EXCEEDED, message, scope.path("id"));
    }

    private void delete(Doomed one, Edits edits) {
        edits.put(one.key(), dead(one.row()));
        one.row().keys().forEach(edits::remove);
        set.links(one.key()).forEach(edits::remove);
        for (CollectionReference reference : one.collection().references()) {
            ReferenceKey row = new ReferenceKey(one.key(), reference.number());
            if (set.get(row) != null) {
                edits.remove(row);
            }
        }
    }

    private RecordRow dead(RecordRow row) {
        Stamp stamp = scope.program().stamp();
        return new RecordRow(
                row.key(),
                row.data(),
                row.version() + 1,
                row.life(),
                List.of(),
                row.constraintsIgnored(),
                row.created(),
                stamp,
                stamp.at());
    }
}
