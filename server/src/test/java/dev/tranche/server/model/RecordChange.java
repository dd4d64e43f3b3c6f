package dev.tranche.server.model;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_ETAG_MISMATCH;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_ETAG_REQUIRED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;

import com.google.protobuf.Struct;
import dev.tranche.server.model.Course.Past;
import dev.tranche.server.model.Expected.Problem;
import dev.tranche.server.model.Expected.Resource;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.server.model.State.Document;
import dev.tranche.server.model.State.Entry;
import dev.tranche.server.model.State.Holder;
import dev.tranche.server.model.State.Missing;
import dev.tranche.server.model.State.RecordKey;
import dev.tranche.server.model.State.Unique;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.GetRecord;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.UpdateRecord;
import dev.tranche.v1.UpsertRecord;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations that create, change and read one record. */
final class RecordChange {
    private final Attempt attempt;
    private final State state;

    RecordChange(Attempt attempt) {
        this.attempt = attempt;
        this.state = attempt.state();
    }

    Past create(CreateRecord create) {
        String id = create.getId().isEmpty() ? attempt.drawId() : attempt.id(create.getId());
        Holder holder = attempt.collection(create.getCollection());
        RecordKey key = new RecordKey(holder.incarnation(), id);
        refuseLiving(key);
        Document data =
                create.hasData() ? document(create.getData()) : document(create.getDataJson());
        return write(holder, key, attempt.data(data));
    }

    Past upsert(UpsertRecord upsert) {
        if (!upsert.getByConstraint().isEmpty()) {
            return upsertByConstraint(upsert);
        }
        String id = upsert.getId().isEmpty() ? attempt.drawId() : attempt.id(upsert.getId());
        String etag = attempt.ifMatch(upsert.getIfMatch());
        Holder holder = attempt.collection(upsert.getCollection());
        RecordKey key = new RecordKey(holder.incarnation(), id);
        checkPreconditions(upsert, etag, holder, key);
        return write(holder, key, attempt.data(dataOf(upsert)));
    }

    private Past upsertByConstraint(UpsertRecord upsert) {
        String etag = attempt.ifMatch(upsert.getIfMatch());
        Holder holder = attempt.collection(upsert.getCollection());
        Document data = attempt.data(dataOf(upsert));
        Unique unique =
                holder.definition().unique().stream()
                        .filter(one -> one.name().equals(upsert.getByConstraint()))
                        .findFirst()
                        .orElseThrow(() -> new Refused(Problem.of(ERROR_REASON_INVALID_REQUEST)));
        List<Object> values = new Rules(attempt).values(unique, data);
        if (values == null) {
            throw new Refused(Problem.of(ERROR_REASON_INVALID_REQUEST));
        }
        RecordKey key =
                state.livingIn(holder).entrySet().stream()
                        .filter(one -> values.equals(Rules.keyOf(unique, one.getValue().data())))
                        .map(one -> one.getKey())
                        .findFirst()
                        .orElseGet(() -> new RecordKey(holder.incarnation(), attempt.drawId()));
        attempt.isAbout(key.id());
        checkPreconditions(upsert, etag, holder, key);
        return write(holder, key, data);
    }

    private static Document dataOf(UpsertRecord upsert) {
        return upsert.hasData() ? document(upsert.getData()) : document(upsert.getDataJson());
    }

    Past update(UpdateRecord update) {
        String id = attempt.id(update.getId());
        String etag = attempt.ifMatch(update.getIfMatch());
        Holder holder = attempt.collection(update.getCollection());
        RecordKey key = new RecordKey(holder.incarnation(), id);
        Entry was = living(holder, key);
        checkEtag(was, etag, holder.definition().ifMatchRequired());
        Document patch =
                attempt.data(
                        update.hasData()
                                ? document(update.getData())
                                : document(update.getDataJson()));
        return write(
                holder, key, new Document(Values.merged(was.data().value(), patch.value()), null));
    }

    Past get(GetRecord get) {
        String id = attempt.id(get.getId());
        String etag = attempt.ifMatch(get.getIfMatch());
        Holder holder = attempt.collection(get.getCollection());
        RecordKey key = new RecordKey(holder.incarnation(), id);
        Entry entry = living(holder, key);
        checkEtag(entry, etag, false);
        return past(Outcome.OUTCOME_READ, holder, key, entry);
    }

    /** The live record, or the operation ends. */
    Entry living(Holder holder, RecordKey key) {
        Entry entry = state.living(key);
        if (entry == null) {
            throw attempt.missing(
                    ERROR_REASON_RECORD_NOT_FOUND, new Missing.OfRecord(holder.name(), key.id()));
        }
        return entry;
    }

    /**
     * Compares etags.
     *
     * @param given resolved; empty or * asks for none
     */
    static void checkEtag(Entry entry, String given, boolean required) {
        boolean none = given.isEmpty() || given.equals("*");
        if (none && required) {
            throw new Refused(Problem.of(ERROR_REASON_ETAG_REQUIRED));
        }
        if (!none && !given.equals(entry.etag())) {
            throw new Refused(Problem.of(ERROR_REASON_ETAG_MISMATCH));
        }
    }

    /** The result of an operation that left or read this. */
    static Past past(Outcome outcome, Holder holder, RecordKey key, Entry entry) {
        Resource resource =
                new Resource.OfRecord(
                        holder.name(), holder.incarnation(), entry.data(), entry.deleted());
        Result result =
                new Result(outcome, key.id(), entry.version(), entry.etag(), null, resource);
        return new Past(result, key.id(), entry.data());
    }

    private void checkPreconditions(
            UpsertRecord upsert, String etag, Holder holder, RecordKey key) {
        if (upsert.getIfNoneMatch().equals("*")) {
            refuseLiving(key);
        }
        if (!etag.isEmpty()) {
            living(holder, key);
        }
        Entry was = state.living(key);
        if (was != null) {
            checkEtag(was, etag, holder.definition().ifMatchRequired());
        }
    }

    private void refuseLiving(RecordKey key) {
        if (state.living(key) != null) {
            throw new Refused(
                    Problem.of(ERROR_REASON_RECORD_ALREADY_EXISTS)
                            .inTheWay(Set.of(key.id()))
                            .causedBy(state.writers.get(key)));
        }
    }

    private Past write(Holder holder, RecordKey key, Document data) {
        Entry was = state.records.get(key);
        if (was != null && was.lives() && was.data().sameAs(data)) {
            return past(Outcome.OUTCOME_UNCHANGED, holder, key, was);
        }
        new Rules(attempt).check(holder, key, data);
        long version = was == null ? 1 : was.version() + 1;
        Entry now = new Entry(data, version, false, attempt.etag());
        state.records.put(key, now);
        state.writers.put(key, attempt.index());
        boolean replaced = was != null && was.lives();
        return past(
                replaced ? Outcome.OUTCOME_UPDATED : Outcome.OUTCOME_INSERTED, holder, key, now);
    }

    static Document document(Struct struct) {
        return new Document(Values.object(struct), null);
    }

    static Document document(String text) {
        return new Document(Values.object(text), Objects.requireNonNull(text));
    }

    /** What a payload of which it is known that it is set holds. */
    static @Nullable Document payload(@Nullable Struct struct, @Nullable String text) {
        if (struct != null) {
            return document(struct);
        }
        return text == null ? null : document(text);
    }
}
