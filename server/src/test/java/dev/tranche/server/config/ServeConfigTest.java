package dev.tranche.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

class ServeConfigTest {
    @Test
    void comesFromArgumentsAloneToo() {
        assertThat(ServeConfig.of("--embedded=/data", "--port=0"))
                .isEqualTo(new Terminal().serve("--embedded=/data", "--port=0"));
    }

    @Test
    void saysWhatIsWrongWithThem() {
        assertThatThrownBy(() -> ServeConfig.of("--port=0"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("no database given");
    }
}
