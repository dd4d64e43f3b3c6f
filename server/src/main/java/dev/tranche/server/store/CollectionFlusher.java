package dev.tranche.server.store;

import dev.tranche.server.operation.Changes.Table;
import dev.tranche.server.operation.Changes.Update;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.schema.CollectionReference;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.UniqueConstraint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Writes collections and the numbers of their constraints and references. */
final class CollectionFlusher {
    /** About what a row costs beside the text of a schema. */
    private static final long ROW_BYTES = 512;

    private final StoreSession session;

    CollectionFlusher(StoreSession session) {
        this.session = session;
    }

    /** A name may be given to another collection: it is given up before it is taken. */
    void flush(long workspace, Table<CollectionRow> collections) {
        CollectionMapper mapper = session.mapper(CollectionMapper.class);
        session.change(
                collections.deleted(),
                row -> ROW_BYTES,
                row -> mapper.delete(row.id(), row.version()));
        session.change(
                collections.updated(),
                (Update<CollectionRow> one) -> bytes(one.after()),
                one ->
                        mapper.update(
                                CollectionLine.of(one.after()),
                                one.after().definition().toJson(),
                                one.before().version()));
        session.insert(
                collections.inserted(),
                CollectionFlusher::bytes,
                row -> mapper.insert(workspace, CollectionLine.of(row), row.definition().toJson()));
        flushConstraints(collections);
        flushReferences(collections);
    }

    private void flushReferences(Table<CollectionRow> collections) {
        List<NumberedReference> retired = new ArrayList<>();
        List<NumberedReference> added = new ArrayList<>();
        for (Update<CollectionRow> one : collections.updated()) {
            retired.addAll(references(one.before(), one.after()));
            added.addAll(references(one.after(), one.before()));
        }
        collections.inserted().forEach(row -> added.addAll(references(row, null)));
        CollectionReferenceMapper mapper = session.mapper(CollectionReferenceMapper.class);
        session.change(
                retired,
                one -> ROW_BYTES,
                one -> mapper.retire(one.collection(), one.reference().number()));
        session.insert(
                added,
                one -> ROW_BYTES,
                one ->
                        mapper.insert(
                                one.collection(),
                                one.reference().number(),
                                one.reference().field(),
                                one.reference().collectionId()));
    }

    private record NumberedReference(long collection, CollectionReference reference) {}

    /** The references of one state whose numbers the other, if there is one, has not. */
    private static List<NumberedReference> references(
            CollectionRow one, @Nullable CollectionRow other) {
        Set<Integer> numbers = new HashSet<>();
        if (other != null) {
            other.references().forEach(reference -> numbers.add(reference.number()));
        }
        return one.references().stream()
                .filter(reference -> !numbers.contains(reference.number()))
                .map(reference -> new NumberedReference(one.id(), reference))
                .toList();
    }

    private void flushConstraints(Table<CollectionRow> collections) {
        List<Numbered> retired = new ArrayList<>();
        List<Numbered> added = new ArrayList<>();
        for (Update<CollectionRow> one : collections.updated()) {
            retired.addAll(difference(one.before(), one.after()));
            added.addAll(difference(one.after(), one.before()));
        }
        for (CollectionRow row : collections.inserted()) {
            row.constraints().forEach(constraint -> added.add(new Numbered(row.id(), constraint)));
        }
        CollectionConstraintMapper mapper = session.mapper(CollectionConstraintMapper.class);
        session.change(
                retired,
                one -> ROW_BYTES,
                one -> mapper.retire(one.collection(), one.constraint().number()));
        session.insert(
                added,
                one -> ROW_BYTES,
                one ->
                        mapper.insert(
                                one.collection(),
                                one.constraint().number(),
                                one.constraint().name(),
                                json(one.constraint().fields())));
    }

    private record Numbered(long collection, UniqueConstraint constraint) {}

    /** The constraints of one state whose numbers the other has not. */
    private static List<Numbered> difference(CollectionRow one, CollectionRow other) {
        Set<Integer> numbers = new HashSet<>();
        other.constraints().forEach(constraint -> numbers.add(constraint.number()));
        return one.constraints().stream()
                .filter(constraint -> !numbers.contains(constraint.number()))
                .map(constraint -> new Numbered(one.id(), constraint))
                .toList();
    }

    private static String json(List<String> fields) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        fields.forEach(array::add);
        return Json.of(array).text();
    }

    private static long bytes(CollectionRow row) {
        Json schema = row.definition().schema();
        return ROW_BYTES + (schema == null ? 0L : schema.sizeBytes());
    }
}
