package dev.tranche.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenTest {
    private final Terminal terminal = new Terminal();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    void listensOnLoopbackWithoutFurtherWords(String host) {
        assertThat(
                        terminal.serve("--embedded", "--host", host)
                                .listen()
                                .address()
                                .isLoopbackAddress())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void listensElsewhereOnlyIfToldThatThisIsInsecure(String host) {
        assertRefused(
                "--host: "
                        + host
                        + " given, only a loopback address allowed without --insecure-anonymous",
                "--embedded",
                "--host",
                host);
        assertThat(
                        terminal.serve("--embedded", "--host", host, "--insecure-anonymous")
                                .listen()
                                .address()
                                .isLoopbackAddress())
                .isFalse();
    }

    @Test
    void refusesAHostWithoutAddress() {
        assertRefused(
                "--host: 'no.such.host.invalid' given, which has no address",
                "--embedded",
                "--host=no.such.host.invalid");
    }

    private void assertRefused(String message, String... arguments) {
        assertThat(terminal.refusal(arguments)).contains(message);
    }
}
