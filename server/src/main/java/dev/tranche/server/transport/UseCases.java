package dev.tranche.server.transport;

import dev.tranche.server.batch.AccountRemoval;
import dev.tranche.server.batch.BatchReader;
import dev.tranche.server.engine.Catalog;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.RecordReader;
import dev.tranche.server.engine.RelationshipReader;
import dev.tranche.server.execute.ExecuteBatch;
import dev.tranche.server.execute.PromoteCollections;
import dev.tranche.server.insert.BatchInserts;
import dev.tranche.server.insert.InsertPreview;
import java.time.InstantSource;

/**
 * What the services call.
 *
 * @param ids for workspaces
 * @param clock for workspaces
 */
public record UseCases(
        ExecuteBatch execute,
        BatchInserts inserts,
        InsertPreview insertPreview,
        PromoteCollections promotions,
        BatchReader batches,
        AccountRemoval accountRemoval,
        Catalog catalog,
        RecordReader records,
        RelationshipReader relationships,
        FreshIds ids,
        InstantSource clock) {}
