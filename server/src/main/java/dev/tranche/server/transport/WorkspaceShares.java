package dev.tranche.server.transport;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The share of every workspace that calls are about at the moment; of no other. */
final class WorkspaceShares {
    private final int callsMax;
    private final long bytesMax;
    private final ConcurrentMap<String, Used> shares = new ConcurrentHashMap<>();

    /**
     * @param callsMax of one workspace at once
     * @param bytesMax of the requests of one workspace
     */
    WorkspaceShares(int callsMax, long bytesMax) {
        this.callsMax = callsMax;
        this.bytesMax = bytesMax;
    }

    private record Used(Share share, int users) {}

    /** The share of a workspace, which is kept until it was given back as often as it was taken. */
    Share take(String workspace) {
        return shares.compute(
                        workspace,
                        (name, used) ->
                                used == null
                                        ? new Used(new Share(callsMax, bytesMax), 1)
                                        : new Used(used.share(), used.users() + 1))
                .share();
    }

    void giveBack(String workspace) {
        shares.computeIfPresent(
                workspace,
                (name, used) ->
                        used.users() == 1 ? null : new Used(used.share(), used.users() - 1));
    }

    /** Workspaces whose share is taken. */
    int count() {
        return shares.size();
    }
}
