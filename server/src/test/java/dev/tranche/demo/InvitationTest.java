package dev.tranche.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.RecordServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class InvitationTest {
    private static final Pattern CALL =
            Pattern.compile("grpcurl -plaintext -d '([^']*)' 127\\.0\\.0\\.1:4711 (\\S+)");

    private final List<String> commands =
            new Invitation("127.0.0.1:4711", "b-1")
                    .commands().stream().map(Invitation.Command::text).toList();

    @Test
    void beginsWithTheCommandAndEndsWithWhatItCalls() {
        assertThat(commands).allMatch(command -> command.startsWith("grpcurl -plaintext "));
        assertThat(commands.getFirst()).endsWith("127.0.0.1:4711 list");
    }

    @Test
    void callsWhatTheServiceHasWithJson() {
        Set<String> methods =
                Stream.of(
                                BatchServiceGrpc.getServiceDescriptor(),
                                RecordServiceGrpc.getServiceDescriptor())
                        .map(ServiceDescriptor::getMethods)
                        .flatMap(all -> all.stream().map(MethodDescriptor::getFullMethodName))
                        .collect(Collectors.toSet());

        for (String command : commands.subList(1, commands.size())) {
            Matcher call = CALL.matcher(command);
            assertThat(call.matches()).as(command).isTrue();
            assertThat(new JsonMapper().readTree(call.group(1)).isObject()).isTrue();
            assertThat(methods).contains(call.group(2));
        }
    }
}
