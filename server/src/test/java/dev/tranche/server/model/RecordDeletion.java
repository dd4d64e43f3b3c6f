package dev.tranche.server.model;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;

import dev.tranche.server.model.Course.Past;
import dev.tranche.server.model.Expected.Problem;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.server.model.State.Entry;
import dev.tranche.server.model.State.Holder;
import dev.tranche.server.model.State.Missing;
import dev.tranche.server.model.State.Pointer;
import dev.tranche.server.model.State.RecordKey;
import dev.tranche.v1.DeleteRecord;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Outcome;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/** The deletion of a record, with all that goes with it. */
final class RecordDeletion {
    private final Attempt attempt;
    private final State state;

    RecordDeletion(Attempt attempt) {
        this.attempt = attempt;
        this.state = attempt.state();
    }

    Past delete(DeleteRecord delete) {
        String id = attempt.id(delete.getId());
        String etag = attempt.ifMatch(delete.getIfMatch());
        Holder holder = attempt.collection(delete.getCollection());
        RecordKey key = new RecordKey(holder.incarnation(), id);
        if (state.living(key) == null && delete.getAllowMissing()) {
            forget(key);
            return new Past(new Result(Outcome.OUTCOME_UNCHANGED, id, 0, "", null, null), id, null);
        }
        Entry was = new RecordChange(attempt).living(holder, key);
        RecordChange.checkEtag(was, etag, holder.definition().ifMatchRequired());
        Set<RecordKey> going = withChildren(key);
        Set<String> inTheWay = stillPointingAt(going);
        if (!inTheWay.isEmpty()) {
            throw new Refused(Problem.of(ERROR_REASON_REFERENCE_VIOLATION).inTheWay(inTheWay));
        }
        going.forEach(this::bury);
        Entry now = new Entry(was.data(), was.version() + 1, true, attempt.etag());
        state.records.put(key, now);
        return RecordChange.past(Outcome.OUTCOME_DELETED, holder, key, now);
    }

    private void bury(RecordKey key) {
        Entry was = state.records.get(key);
        if (was != null) {
            String etag = Values.unknown("etag of a record that goes by cascade");
            state.records.put(key, new Entry(was.data(), was.version() + 1, true, etag));
        }
        state.writers.put(key, attempt.index());
        state.links.keySet().removeIf(link -> link.touches(key));
        forget(key);
    }

    /** Nothing is missing because of a failure any more where a deletion was wanted. */
    private void forget(RecordKey key) {
        Missing.OfRecord gone = new Missing.OfRecord(state.holder(key).name(), key.id());
        state.missing
                .keySet()
                .removeIf(one ->
                        one.equals(gone)
                                || (one instanceof Missing.OfLink link
                                        && (link.source().equals(gone)
                                                || link.target().equals(gone))));
    }

    private Set<RecordKey> withChildren(RecordKey root) {
        Set<RecordKey> going = new LinkedHashSet<>(Set.of(root));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (RecordKey key : Set.copyOf(state.records.keySet())) {
                grew |= pointsAt(key, going, OnDelete.ON_DELETE_CASCADE) && going.add(key);
            }
        }
        return going;
    }

    private Set<String> stillPointingAt(Set<RecordKey> going) {
        Set<String> ids = new TreeSet<>();
        for (RecordKey key : state.records.keySet()) {
            if (!going.contains(key) && pointsAt(key, going, OnDelete.ON_DELETE_RESTRICT)) {
                ids.add(key.id());
            }
        }
        return ids;
    }

    /** Whether a live record points at one of these by a reference of this kind. */
    private boolean pointsAt(RecordKey key, Set<RecordKey> targets, OnDelete kind) {
        Entry entry = state.living(key);
        if (entry == null) {
            return false;
        }
        for (Pointer pointer : state.holder(key).definition().references()) {
            Holder target = state.collections.get(pointer.collection());
            Object value = Values.at(entry.data().value(), pointer.field());
            if (pointer.onDelete() == kind
                    && target != null
                    && value instanceof String id
                    && targets.contains(new RecordKey(target.incarnation(), id))) {
                return true;
            }
        }
        return false;
    }
}
