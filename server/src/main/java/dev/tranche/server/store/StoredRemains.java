package dev.tranche.server.store;

import dev.tranche.server.batch.Leftover;
import dev.tranche.server.batch.Remains;
import dev.tranche.server.batch.Retention;
import dev.tranche.server.store.RemainsMapper.PayloadKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** Removes rows past their time. Every step begins with the lease, so that two never overlap. */
final class StoredRemains implements Remains {
    /** About what a key takes in a statement. */
    private static final long KEY_BYTES = 200;

    /** Results are large: up to a mebibyte a row. */
    private static final int RESULT_ROWS_MAX = 50;

    private final ShortTransactions transactions;

    StoredRemains(ShortTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Step remove(Leftover kind, Retention retention, Tenure tenure, int rowsMax) {
        return transactions.write(session -> {
            Removal removal = new Removal(session, rowsMax);
            return removal.takes(tenure)
                    ? new Step(true, removal.remove(kind, retention))
                    : new Step(false, 0);
        });
    }

    /** One step, in its transaction. */
    private record Removal(StoreSession session, int rowsMax) {

        boolean takes(Tenure tenure) {
            long lease = Times.micros(tenure.lease());
            return session.write(() -> mapper().take(tenure.holder(), lease)) == 1;
        }

        int remove(Leftover kind, Retention retention) {
            return switch (kind) {
                case PAYLOADS -> payloads(Times.micros(retention.payloads()));
                case OLD_ACCOUNTS -> oldAccounts(Times.micros(retention.accounts()));
                case DELETED_ACCOUNTS -> deletedAccount(Times.micros(Retention.REQUEST_IDS));
                case RECORDS -> records(Times.micros(retention.tombstones()));
                case COLLECTIONS -> collection(Times.micros(retention.tombstones()));
                case WORKSPACES -> workspace(Times.micros(retention.tombstones()));
            };
        }

        private int payloads(long micros) {
            List<PayloadKey> keys = session.read(() -> mapper().lockPayloads(micros, rowsMax));
            session.change(keys, key -> KEY_BYTES, mapper()::expire);
            return keys.size();
        }

        private int oldAccounts(long micros) {
            List<String> ids = session.read(() -> mapper().lockOldAccounts(micros, rowsMax));
            session.change(ids, id -> KEY_BYTES, mapper()::hide);
            return ids.size();
        }

        private int deletedAccount(long requestIdMicros) {
            String id = session.read(() -> mapper().deletedAccount(requestIdMicros));
            if (id == null) {
                return 0;
            }
            Boolean forgettable =
                    session.read(() -> mapper().lockDeletedAccount(id, requestIdMicros));
            if (forgettable == null) {
                return 0;
            }
            int failures = session.write(() -> mapper().removeFailures(id, rowsMax));
            if (failures > 0 || !forgettable) {
                return failures;
            }
            int rows = Math.min(rowsMax, RESULT_ROWS_MAX);
            return first(
                    () -> session.write(() -> mapper().removeResults(id, rows)),
                    () -> session.write(() -> mapper().removeAccount(id)));
        }

        /** Tombstones of records that live again, or were removed with their collection, go too. */
        private int records(long micros) {
            List<TombstoneLine> due = session.read(() -> mapper().tombstones(micros, rowsMax));
            List<TombstoneLine> gone =
                    new ArrayList<>(due.stream().filter(line -> !line.stored()).toList());
            Map<Long, List<TombstoneLine>> stored =
                    due.stream()
                            .filter(TombstoneLine::stored)
                            .collect(
                                    Collectors.groupingBy(
                                            TombstoneLine::collectionId,
                                            TreeMap::new,
                                            Collectors.toList()));
            stored.forEach((collection, lines) -> {
                for (List<TombstoneLine> some : Portions.of(lines)) {
                    gone.addAll(removeRecords(collection, some, micros));
                }
            });
            session.change(gone, line -> KEY_BYTES, mapper()::removeTombstone);
            return gone.size();
        }

        /** Answers those that are removed: nobody else held them. */
        private List<TombstoneLine> removeRecords(
                long collection, List<TombstoneLine> lines, long micros) {
            List<String> wanted = lines.stream().map(TombstoneLine::recordId).toList();
            List<String> ids = session.read(() -> mapper().lockRecords(collection, wanted, micros));
            if (ids.isEmpty()) {
                return List.of();
            }
            session.write(() -> mapper().removeReferences(collection, ids));
            Set<String> locked = Set.copyOf(ids);
            List<TombstoneLine> removed =
                    lines.stream().filter(line -> locked.contains(line.recordId())).toList();
            session.change(removed, line -> KEY_BYTES, mapper()::removeRecord);
            return removed;
        }

        private int collection(long micros) {
            Long id = session.read(() -> mapper().deletedCollection(micros));
            return id == null
                    ? 0
                    : first(
                            () -> session.write(() -> mapper().removeKeysOf(id, rowsMax)),
                            () -> session.write(() -> mapper().removeReferencesFrom(id, rowsMax)),
                            () -> session.write(() -> mapper().removeReferencesTo(id, rowsMax)),
                            () ->
                                    session.write(
                                            () -> mapper().removeRelationshipsFrom(id, rowsMax)),
                            () -> session.write(() -> mapper().removeRelationshipsTo(id, rowsMax)),
                            () -> session.write(() -> mapper().removeRecordsOf(id, rowsMax)),
                            () -> session.write(() -> mapper().removeCollection(id)));
        }

        private int workspace(long micros) {
            Long id = session.read(() -> mapper().emptyWorkspace(micros));
            return id == null ? 0 : session.write(() -> mapper().removeWorkspace(id));
        }

        /** Does one after the other until one has removed anything: how many rows. */
        private static int first(IntSupplier... removals) {
            for (IntSupplier removal : removals) {
                int rows = removal.getAsInt();
                if (rows > 0) {
                    return rows;
                }
            }
            return 0;
        }

        private RemainsMapper mapper() {
            return session.mapper(RemainsMapper.class);
        }
    }
}
