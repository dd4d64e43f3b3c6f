package dev.tranche.server;

import dev.tranche.server.batch.Janitor;
import dev.tranche.server.batch.Retention;
import dev.tranche.server.config.AccountLimits;
import dev.tranche.server.config.BatchLimits;
import dev.tranche.server.config.CallLimits;
import dev.tranche.server.config.ConnectionLimits;
import dev.tranche.server.config.ServeConfig;
import dev.tranche.server.execute.ExecuteLimits;
import dev.tranche.server.execute.PromotionLimits;
import dev.tranche.server.insert.InsertLimits;
import dev.tranche.server.operation.OperationLimits;
import dev.tranche.server.store.DatabaseSettings;
import dev.tranche.server.store.LoadLimits;
import dev.tranche.server.transport.ServerLimits;

/** What was set, as each room wants to be told. */
record RoomLimits(ServeConfig config) {

    OperationLimits operations() {
        BatchLimits batches = config.batches();
        return new OperationLimits(
                batches.recordBytesMax(),
                batches.scanRecordsMax(),
                batches.scanBytesMax(),
                batches.derivedBytesMax(),
                batches.cascadeRowsMax());
    }

    int loadRoundsMax() {
        return config.batches().loadRoundsMax();
    }

    ExecuteLimits execute() {
        BatchLimits batches = config.batches();
        return new ExecuteLimits(batches.operationsMax(), batches.transactionTimeMax());
    }

    PromotionLimits promotions() {
        BatchLimits batches = config.batches();
        return new PromotionLimits(
                batches.operationsMax(), batches.loadBytesMax(), batches.transactionTimeMax());
    }

    InsertLimits inserts() {
        BatchLimits batches = config.batches();
        return new InsertLimits(
                batches.recordsMax(),
                batches.allRecordsMax(),
                batches.chunkRecordsMax(),
                batches.chunkBytesMax(),
                config.connectionsMax() / 2,
                batches.transactionTimeMax(),
                batches.lease(),
                batches.keptBytesMax(),
                config.accounts().keptTime());
    }

    Retention retention() {
        AccountLimits accounts = config.accounts();
        return new Retention(
                accounts.keptTime(), accounts.accountsTime(), accounts.tombstonesTime());
    }

    Janitor.Pace janitor() {
        AccountLimits accounts = config.accounts();
        return new Janitor.Pace(
                accounts.janitorInterval(), accounts.janitorPause(), accounts.janitorRowsMax());
    }

    LoadLimits loads() {
        BatchLimits batches = config.batches();
        return new LoadLimits(
                batches.scanRecordsMax(),
                batches.scanBytesMax(),
                batches.loadBytesMax(),
                batches.cascadeRowsMax());
    }

    DatabaseSettings database(DatabaseServer server) {
        return new DatabaseSettings(
                server.url(),
                server.user(),
                server.password(),
                config.connectionsMax(),
                config.batches().transactionTimeMax());
    }

    ServerLimits server() {
        return new ServerLimits(batches(), calls(), connection());
    }

    private ServerLimits.Batches batches() {
        BatchLimits batches = config.batches();
        return new ServerLimits.Batches(
                batches.enabled(),
                execute(),
                inserts(),
                operations(),
                batches.loadRoundsMax(),
                batches.loadBytesMax(),
                config.accounts().accountsTime(),
                config.accounts().watchInterval());
    }

    private ServerLimits.Calls calls() {
        CallLimits calls = config.calls();
        return new ServerLimits.Calls(
                calls.requestBytesMax(),
                calls.replyBytesMax(),
                calls.callsMax(),
                calls.callsBytesMax(),
                calls.workspaceCallsMax(),
                calls.workspaceBytesMax(),
                calls.stallMax(),
                calls.heartbeatInterval(),
                calls.shutdownGrace());
    }

    private ServerLimits.Connection connection() {
        ConnectionLimits connections = config.connections();
        return new ServerLimits.Connection(
                connections.callsMax(),
                connections.headerBytesMax(),
                connections.handshakeTimeMax(),
                connections.idleMax(),
                connections.ageMax(),
                connections.ageGrace(),
                connections.keepaliveIntervalMin(),
                connections.keepaliveInterval(),
                connections.keepaliveTimeMax(),
                connections.resetsMax(),
                connections.resetsWindow());
    }
}
