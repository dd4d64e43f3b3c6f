package dev.tranche.server.store;

import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Needs.Need;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.InboundKey;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferenceKey;
import dev.tranche.server.operation.RowKey.ReferrersKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads what is needed, table by table in the order of locks. One for each transaction. */
final class RowLoader {
    private final boolean locking;
    private final CollectionLoader collectionLoader;
    private final RecordLoader recordLoader;
    private final KeyLoader keyLoader;
    private final ReferenceLoader referenceLoader;
    private final RelationshipLoader relationshipLoader;

    /**
     * @param locking whether the locks asked for are taken; else the transaction reads a snapshot
     */
    RowLoader(StoreSession session, Definitions definitions, LoadLimits limits, boolean locking) {
        this.locking = locking;
        this.collectionLoader = new CollectionLoader(session, definitions, locking);
        LoadedBytes bytes = new LoadedBytes(limits.bytesMax());
        this.recordLoader = new RecordLoader(session, limits, bytes, locking);
        this.keyLoader = new KeyLoader(session, locking);
        this.referenceLoader = new ReferenceLoader(session, limits.linksMax(), locking);
        this.relationshipLoader =
                new RelationshipLoader(session, limits.linksMax(), bytes, locking);
    }

    void load(long workspace, Needs needs, Snapshot snapshot) {
        Map<CollectionKey, LockMode> collections = new LinkedHashMap<>();
        List<ScanKey> scans = new ArrayList<>();
        Map<RecordKey, LockMode> records = new LinkedHashMap<>();
        List<UniqueKey> keys = new ArrayList<>();
        List<HeldKey> claims = new ArrayList<>();
        List<InboundKey> inbound = new ArrayList<>();
        List<ReferenceKey> references = new ArrayList<>();
        List<ReferrersKey> referrers = new ArrayList<>();
        List<LinksKey> links = new ArrayList<>();
        List<RelationshipKey> relationships = new ArrayList<>();
        for (Need need : needs.inOrder()) {
            String claimant = locking ? need.claimant() : null;
            switch (need.key()) {
                case CollectionKey one -> collections.put(one, need.mode());
                case InboundKey one -> inbound.add(one);
                case ScanKey one -> scans.add(one);
                case RecordKey one -> records.put(one, need.mode());
                case UniqueKey one when claimant != null -> claims.add(new HeldKey(one, claimant));
                case UniqueKey one -> keys.add(one);
                case ReferenceKey one -> references.add(one);
                case ReferrersKey one -> referrers.add(one);
                case LinksKey one -> links.add(one);
                case RelationshipKey one -> relationships.add(one);
            }
        }
        collectionLoader.load(workspace, collections, snapshot);
        collectionLoader.loadInbound(inbound, snapshot);
        scans.forEach(scan -> recordLoader.scan(scan, snapshot));
        recordLoader.load(records, snapshot);
        keyLoader.claim(claims, snapshot);
        keyLoader.load(keys, snapshot);
        referenceLoader.load(references, snapshot);
        referenceLoader.loadReferrers(referrers, snapshot);
        relationshipLoader.load(links, relationships, snapshot);
    }
}
