package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferenceKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.schema.CollectionReference;
import dev.tranche.server.schema.CollectionReference.Target;
import dev.tranche.server.schema.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one record points to through the references of its collection. */
record RecordReferences(Scope scope, CollectionRow collection, RecordKey key) {

    /**
     * A reference with what the record is to point at through it.
     *
     * @param at null for nothing
     */
    record Pointing(CollectionReference reference, Target target, @Nullable RecordKey at) {}

    /** The references that new data changes. One that stays points at what lives. */
    List<Pointing> changed(@Nullable RecordRow was, Json data, boolean ignoreConstraints) {
        List<Pointing> changed = new ArrayList<>();
        for (CollectionReference reference : collection.references()) {
            Target target = reference.targetOf(data);
            if (ignoreConstraints || !target.equals(settled(was, reference))) {
                changed.add(pointing(reference, target));
            }
        }
        return changed;
    }

    /** What the record points at for certain; null if that is not known from its data. */
    private static @Nullable Target settled(
            @Nullable RecordRow was, CollectionReference reference) {
        return was == null || !was.lives() || was.constraintsIgnored()
                ? null
                : reference.targetOf(was.data());
    }

    private static Pointing pointing(CollectionReference reference, Target target) {
        RecordKey at =
                target instanceof Target.At id
                        ? new RecordKey(reference.collectionId(), id.id())
                        : null;
        return new Pointing(reference, target, at);
    }

    /** What has to be known for these. A record may point at itself, and need not be there yet. */
    List<RowKey<?>> keys(List<Pointing> pointings) {
        List<RowKey<?>> keys = new ArrayList<>();
        for (Pointing one : pointings) {
            keys.add(new ReferenceKey(key, one.reference().number()));
            if (one.at() != null && !one.at().equals(key)) {
                keys.add(one.at());
            }
        }
        return keys;
    }

    /** Makes the record point there, or ends the operation. */
    void point(List<Pointing> pointings, boolean ignoreConstraints, Edits edits) {
        for (Pointing one : pointings) {
            ReferenceKey row = new ReferenceKey(key, one.reference().number());
            boolean good = one.at() == null || one.at().equals(key) || lives(one.at());
            if (!ignoreConstraints) {
                checkType(one);
                checkLives(one, good);
            }
            if (one.at() != null && good) {
                edits.put(row, one.at());
            } else if (scope.set().get(row) != null) {
                edits.remove(row);
            }
        }
    }

    private boolean lives(RecordKey target) {
        RecordRow row = scope.set().get(target);
        return row != null && row.lives();
    }

    private void checkType(Pointing one) {
        if (one.target() instanceof Target.NotString field) {
            Message message =
                    Message.of(
                            "no string given, the id of a record of \"{collection}\" allowed",
                            "collection",
                            one.reference().collection());
            throw scope.failed(
                    Reason.SCHEMA_VIOLATION, message, scope.path("data") + field.pointer());
        }
    }

    private void checkLives(Pointing one, boolean good) {
        if (!good && one.at() != null) {
            String collectionName = one.reference().collection();
            Stop stop =
                    scope.notFound(
                            Reason.REFERENCE_VIOLATION,
                            Preconditions.missing(collectionName, one.at()),
                            new Place.OfRecord(collectionName, one.at().id()));
            throw stop.at(scope.path("data") + one.reference().pointer());
        }
    }
}
