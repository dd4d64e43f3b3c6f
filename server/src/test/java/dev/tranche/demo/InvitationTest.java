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

    private final List<String> lines =
            new Invitation("127.0.0.1:4711", "b-1")
                    .commands().stream().map(Invitation.Command::line).toList();

    @Test
    void fitsIntoOneLineOfAShell() {
        assertThat(lines).allMatch(line -> line.startsWith("grpcurl -plaintext "));
        assertThat(lines).noneMatch(line -> line.contains("\n"));
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

        for (String line : lines.subList(1, lines.size())) {
            Matcher call = CALL.matcher(line);
            assertThat(call.matches()).as(line).isTrue();
            assertThat(new JsonMapper().readTree(call.group(1)).isObject()).isTrue();
            assertThat(methods).contains(call.group(2));
        }
    }
}
