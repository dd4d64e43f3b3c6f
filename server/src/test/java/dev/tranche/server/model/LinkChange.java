package dev.tranche.server.model;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RELATIONSHIP_NOT_FOUND;

import dev.tranche.server.model.Course.Past;
import dev.tranche.server.model.Expected.Resource;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.server.model.State.Document;
import dev.tranche.server.model.State.Holder;
import dev.tranche.server.model.State.Link;
import dev.tranche.server.model.State.LinkKey;
import dev.tranche.server.model.State.Missing;
import dev.tranche.server.model.State.RecordKey;
import dev.tranche.v1.DeleteRelationship;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.UpsertRelationship;
import org.jspecify.annotations.Nullable;

/** The operations on relationships. */
final class LinkChange {
    private final Attempt attempt;
    private final State state;

    LinkChange(Attempt attempt) {
        this.attempt = attempt;
        this.state = attempt.state();
    }

    Past upsert(UpsertRelationship upsert) {
        LinkKey key = key(upsert.getType(), upsert.getSource(), upsert.getTarget());
        requireLiving(upsert.getSource(), key.source());
        requireLiving(upsert.getTarget(), key.target());
        Document given =
                RecordChange.payload(
                        upsert.hasData() ? upsert.getData() : null,
                        upsert.hasDataJson() ? upsert.getDataJson() : null);
        Document data = given == null ? null : attempt.data(given);
        Link was = state.links.get(key);
        if (was != null && (data == null ? was.data() == null : data.sameAs(was.data()))) {
            return past(Outcome.OUTCOME_UNCHANGED, upsert, key, was);
        }
        Link now = new Link(data, was == null ? 1 : was.version() + 1);
        state.links.put(key, now);
        return past(
                was == null ? Outcome.OUTCOME_INSERTED : Outcome.OUTCOME_UPDATED, upsert, key, now);
    }

    Past delete(DeleteRelationship delete) {
        LinkKey key = key(delete.getType(), delete.getSource(), delete.getTarget());
        Missing.OfLink place =
                new Missing.OfLink(
                        delete.getType(),
                        place(delete.getSource(), key.source()),
                        place(delete.getTarget(), key.target()));
        Link was = state.links.remove(key);
        if (was == null && !delete.getAllowMissing()) {
            throw attempt.missing(ERROR_REASON_RELATIONSHIP_NOT_FOUND, place);
        }
        state.missing.remove(place);
        Outcome outcome = was == null ? Outcome.OUTCOME_UNCHANGED : Outcome.OUTCOME_DELETED;
        long version = was == null ? 0 : was.version() + 1;
        return new Past(new Result(outcome, "", version, "", null, null), null, null);
    }

    private LinkKey key(String type, RecordRef source, RecordRef target) {
        String from = attempt.end(source.getId(), "source.id");
        String to = attempt.end(target.getId(), "target.id");
        Holder fromHolder = attempt.collection(source.getCollection());
        Holder toHolder = attempt.collection(target.getCollection());
        return new LinkKey(
                type,
                new RecordKey(fromHolder.incarnation(), from),
                new RecordKey(toHolder.incarnation(), to));
    }

    private static Missing.OfRecord place(RecordRef ref, RecordKey key) {
        return new Missing.OfRecord(ref.getCollection(), key.id());
    }

    private void requireLiving(RecordRef ref, RecordKey key) {
        if (state.living(key) == null) {
            throw attempt.missing(ERROR_REASON_REFERENCE_VIOLATION, place(ref, key));
        }
    }

    private static Past past(Outcome outcome, UpsertRelationship upsert, LinkKey key, Link link) {
        @Nullable Document data = link.data();
        Resource resource =
                new Resource.OfLink(
                        upsert.getType(),
                        upsert.getSource().getCollection(),
                        key.source().id(),
                        upsert.getTarget().getCollection(),
                        key.target().id(),
                        data);
        return new Past(new Result(outcome, "", link.version(), "", null, resource), null, data);
    }
}
