package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_DATABASE_UNAVAILABLE;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.google.rpc.Code;
import dev.tranche.server.e2e.Cut.Place;
import dev.tranche.v1.Collection;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.DeleteWorkspaceRequest;
import dev.tranche.v1.GetWorkspaceRequest;
import dev.tranche.v1.ListCollectionsRequest;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.PromoteCollectionsRequest;
import io.grpc.StatusException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * What callers of calls that keep no account can rely on when the connection to the database breaks
 * before or after whichever packet: what they are told is what the database holds.
 */
class CutCallsTest {
    /** To them each broken connection is worth a warning. */
    private static final List<Logger> WARNING =
            Stream.of("com.zaxxer.hikari", "dev.tranche.server.transport.Exchange")
                    .map(name -> (Logger) LoggerFactory.getLogger(name))
                    .toList();

    /** Empty where it was done all the same. */
    private static final Set<String> KNOWN = Set.of("", "DATABASE_UNAVAILABLE", "OUTCOME_UNKNOWN");

    private static TestServer direct;
    private static PacketProxy proxy;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        WARNING.forEach(logger -> logger.setLevel(Level.ERROR));
        direct = TestServer.start();
        proxy = PacketProxy.before(direct.database());
        server = direct.behind(proxy.port(), "--transaction-time-max=1s", "--db-connections-max=1");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        proxy.close();
        direct.close();
        WARNING.forEach(logger -> logger.setLevel(null));
    }

    /** Something that a call does, and that a caller does again until it is told that it is done. */
    private interface Deed {
        void by(TestServer server) throws StatusException;

        /** Whether all of it is done, not none; half of it fails the test. */
        boolean isDone() throws StatusException;
    }

    private record Creation(String workspace) implements Deed {
        @Override
        public void by(TestServer server) throws StatusException {
            server.workspaces()
                    .createWorkspace(
                            CreateWorkspaceRequest.newBuilder().setName(workspace).build());
        }

        @Override
        public boolean isDone() throws StatusException {
            return exists(workspace);
        }
    }

    private record Deletion(String workspace) implements Deed {
        @Override
        public void by(TestServer server) throws StatusException {
            server.workspaces()
                    .deleteWorkspace(
                            DeleteWorkspaceRequest.newBuilder()
                                    .setWorkspace(workspace)
                                    .setForce(true)
                                    .build());
        }

        @Override
        public boolean isDone() throws StatusException {
            return !exists(workspace);
        }
    }

    private record Promotion(String source, String target) implements Deed {
        @Override
        public void by(TestServer server) throws StatusException {
            server.workspaces()
                    .promoteCollections(
                            PromoteCollectionsRequest.newBuilder()
                                    .setSourceWorkspace(source)
                                    .setTargetWorkspace(target)
                                    .build());
        }

        @Override
        public boolean isDone() throws StatusException {
            List<String> names =
                    direct
                            .workspaces()
                            .listCollections(
                                    ListCollectionsRequest.newBuilder()
                                            .setWorkspace(target)
                                            .build())
                            .getCollectionsList()
                            .stream()
                            .map(Collection::getName)
                            .toList();
            assertThat(names).isIn(List.of(), List.of("c", "posts", "tags"));
            return !names.isEmpty();
        }
    }

    enum Kind {
        CREATE_WORKSPACE,
        DELETE_WORKSPACE,
        PROMOTE_COLLECTIONS;

        /** One that can be done, but is not. */
        private Deed prepared() throws Exception {
            String free = "w-" + UUID.randomUUID();
            return switch (this) {
                case CREATE_WORKSPACE -> new Creation(free);
                case DELETE_WORKSPACE -> new Deletion(Caller.of(direct).workspace());
                case PROMOTE_COLLECTIONS -> {
                    Caller source = Caller.of(direct);
                    source.execute(
                            Ops.collection("posts", Ops.unique("by_title", "title")),
                            Ops.pointing(
                                    "tags",
                                    Ops.reference("post", "posts", OnDelete.ON_DELETE_CASCADE)));
                    new Creation(free).by(direct);
                    yield new Promotion(source.workspace(), free);
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellNothingWrongWhereverTheConnectionIsCut(Kind kind) throws Exception {
        Cut whole = undisturbed(kind);
        Set<String> truths = new TreeSet<>();
        for (int packet = 1; packet <= whole.packets(); packet++) {
            for (Place place : List.of(Place.BEFORE, Place.AFTER)) {
                truths.add(truthAfter(Cut.at(packet, place), kind));
            }
        }
        assertThat(truths).contains("OUTCOME_UNKNOWN").isSubsetOf(KNOWN);
    }

    @ParameterizedTest
    @EnumSource
    void sayThatTheDatabaseIsAwayOrThatTheyDoNotKnow(Kind kind) throws Exception {
        int commit = undisturbed(kind).commit();
        assertThat(truthAfter(Cut.at(1, Place.BEFORE).andStaysAway(), kind))
                .isEqualTo("DATABASE_UNAVAILABLE");
        for (Place place : List.of(Place.BEFORE, Place.AFTER)) {
            assertThat(truthAfter(Cut.at(commit, place).andStaysAway(), kind))
                    .isEqualTo("OUTCOME_UNKNOWN");
        }
        assertThat(truthAfter(Cut.at(commit, Place.HELD), kind)).isEqualTo("OUTCOME_UNKNOWN");
    }

    /** How it goes when nothing disturbs it and its statements have been prepared. */
    private static Cut undisturbed(Kind kind) throws Exception {
        kind.prepared().by(server);
        Deed deed = kind.prepared();
        Cut counter = Cut.nowhere();
        proxy.cut(counter);
        deed.by(server);
        proxy.heal();
        assertThat(deed.isDone()).isTrue();
        return counter;
    }

    /**
     * Does it with a cut in it, compares what its caller is told with what is stored, and repeats it
     * as a caller would. Before, it does another one: the statements of the one connection are
     * prepared then, and the packets the same ones each time.
     *
     * @return the reason it failed for; empty if it did not
     */
    private static String truthAfter(Cut cut, Kind kind) throws Exception {
        kind.prepared().by(server);
        Deed deed = kind.prepared();
        proxy.cut(cut);
        Refusal refusal = refusal(deed);
        proxy.heal();
        proxy.awaitLost();
        String what = cut + ", answered " + (refusal == null ? "OK" : refusal.message());
        assertThat(cut.isDone()).as(what).isTrue();
        boolean done = deed.isDone();
        if (refusal == null) {
            assertThat(done).as(what).isTrue();
        } else if (refusal.reason().equals("OUTCOME_UNKNOWN")) {
            refusal.has(Code.UNKNOWN, ERROR_REASON_OUTCOME_UNKNOWN);
        } else {
            refusal.has(Code.UNAVAILABLE, ERROR_REASON_DATABASE_UNAVAILABLE).namesADelay();
            assertThat(done).as(what).isFalse();
        }
        Waiting.until("the server has its database again", () -> exists(server, "default"));
        Refusal again = refusal(deed);
        if (again != null) {
            assertThat(done).as(what).isTrue();
            assertThat(again.code()).as(what).isIn(Code.NOT_FOUND, Code.ALREADY_EXISTS);
        }
        assertThat(deed.isDone()).as(what).isTrue();
        return refusal == null ? "" : refusal.reason();
    }

    /** Null if it was done. */
    private static Refusal refusal(Deed deed) {
        try {
            deed.by(server);
            return null;
        } catch (StatusException refused) {
            return Refusal.of(refused);
        }
    }

    private static boolean exists(String workspace) throws StatusException {
        return exists(direct, workspace);
    }

    private static boolean exists(TestServer server, String workspace) throws StatusException {
        try {
            return server.workspaces()
                    .getWorkspace(GetWorkspaceRequest.newBuilder().setWorkspace(workspace).build())
                    .getName()
                    .equals(workspace);
        } catch (StatusException refused) {
            if (server == direct) {
                Refusal.of(refused).has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
            }
            return false;
        }
    }
}
