package dev.tranche.server.transport;

import static dev.tranche.server.transport.Resources.duration;

import dev.tranche.server.execute.ExecuteLimits;
import dev.tranche.server.insert.InsertLimits;
import dev.tranche.server.operation.OperationLimits;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.JsonLimits;
import dev.tranche.v1.Limits;

/** Says in a message what the limits are. */
final class LimitsEncoder {
    private LimitsEncoder() {}

    static Limits encode(ServerLimits limits) {
        Limits.Builder message =
                Limits.newBuilder()
                        .setBatchesEnabled(limits.batches().enabled())
                        .setLoadRoundsMax(limits.batches().loadRoundsMax())
                        .setLoadBytesMax(bytes(limits.batches().loadBytesMax()))
                        .setAccountsTime(duration(limits.batches().accountsTime()))
                        .setRequestBytesMax(limits.calls().requestBytesMax())
                        .setReplyBytesMax(limits.calls().replyBytesMax())
                        .setStallMax(duration(limits.calls().stallMax()))
                        .setHeartbeatInterval(duration(limits.calls().heartbeatInterval()))
                        .setWorkspaceCallsMax(limits.calls().workspaceAtOnceMax())
                        .setWorkspaceBytesMax(limits.calls().workspaceBytesMax())
                        .setConnectionCallsMax(limits.connection().callsMax())
                        .setDataDepthMax(Json.NESTING_MAX)
                        .setSchemaBytesMax(JsonLimits.DEFAULTS.schemaBytesMax())
                        .setCollectionConstraintsMax(CollectionDefinition.CONSTRAINTS_MAX);
        add(message, limits.batches().execute());
        add(message, limits.batches().insert());
        add(message, limits.batches().operation());
        return message.build();
    }

    private static void add(Limits.Builder message, ExecuteLimits limits) {
        message.setOperationsMax(limits.operationsMax())
                .setTransactionTimeMax(duration(limits.transactionTime()));
    }

    private static void add(Limits.Builder message, InsertLimits limits) {
        message.setRecordsMax(limits.recordsMax())
                .setAllRecordsMax(limits.allRecordsMax())
                .setChunkRecordsMax(limits.chunkRecordsMax())
                .setChunkBytesMax(bytes(limits.chunkBytesMax()))
                .setLease(duration(limits.lease()))
                .setKeptBytesMax(bytes(limits.keptBytesMax()))
                .setKeptTime(duration(limits.keptTime()));
    }

    private static void add(Limits.Builder message, OperationLimits limits) {
        message.setRecordBytesMax(limits.recordBytesMax())
                .setScanRecordsMax(limits.scanRecordsMax())
                .setScanBytesMax(bytes(limits.scanBytesMax()))
                .setDerivedBytesMax(bytes(limits.derivedBytesMax()))
                .setCascadeRowsMax(limits.cascadeRowsMax());
    }

    /** No setting allows more than 1 GiB. */
    private static int bytes(long bytes) {
        return Math.toIntExact(bytes);
    }
}
