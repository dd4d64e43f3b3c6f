package dev.tranche.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogOutputTest {
    private static final String FILE = "logback.configurationFile";

    @Test
    void isWhatLogbackFinds() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        assertThat(context.getLogger("ROOT").getAppender("stderr")).isNotNull();
    }

    @Test
    void writesALineAnEventOfOursFromInfoOnAndOfOthersFromWarnOn() {
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        try {
            System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
            assertThat(new LogOutput().configure(context))
                    .isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
            context.getLogger("dev.tranche.server.App").info("one {}", 1);
            context.getLogger("dev.tranche.server.App").debug("two");
            context.getLogger("com.example.Other").info("three");
            context.getLogger("com.example.Other").warn("four");
        } finally {
            context.stop();
            System.setErr(before);
        }
        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("[0-9T:.-]{23}Z INFO  App: one 1"),
                        line -> assertThat(line).matches("[0-9T:.-]{23}Z WARN  Other: four"));
    }

    @Test
    void leavesItToAFileThatIsNamed() {
        System.setProperty(FILE, "any.xml");
        try {
            assertThat(new LogOutput().configure(new LoggerContext()))
                    .isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        } finally {
            System.clearProperty(FILE);
        }
    }
}
