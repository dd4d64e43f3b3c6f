package dev.tranche.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher in a project of its own, where Java and Maven only say how they were called. */
class LauncherTest {
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");
    private static final String CACHE = "server/target/tranche-server.aot";
    private static final String REHEARSING =
            "tranche: rehearsing, so that servers start and work faster, half a minute after each"
                    + " build";

    @TempDir Path folder;
    private Path project;
    private Path java;

    @BeforeEach
    void makeABuiltProject() throws IOException {
        project = folder.resolve("a project");
        Files.createDirectories(project.resolve("server/target/lib"));
        Files.createDirectories(project.resolve("server/bin"));
        Files.copy(Path.of("bin/tranche"), project.resolve("server/bin/tranche"));
        assertThat(launcher().toFile().setExecutable(true)).isTrue();
        write("pom.xml", BUILT.minusSeconds(1));
        write("proto/tranche/v1/x.proto", BUILT.minusSeconds(1));
        write("server/src/main/java/X.java", BUILT.minusSeconds(1));
        write("server/target/tranche-server.jar", BUILT);
        write(CACHE, BUILT.plusSeconds(1));
        for (String folder : List.of("server/target/lib", "server/target")) {
            Files.setLastModifiedTime(project.resolve(folder), FileTime.from(BUILT));
        }
        java = fakeJava("jdk", "25.0.1");
        executable("path/mvn", "echo maven \"$@\"; exit ${MAVEN_EXIT:-0}");
    }

    @Test
    void becomesTheServerWithItsArguments() throws Exception {
        Run run = run(launcher(), Map.of(), "serve", "--host", "a b");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsExactly(
                        "jdk",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:SurvivorRatio=2",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:Tier0InvokeNotifyFreqLog=10",
                        "-XX:Tier0BackedgeNotifyFreqLog=13",
                        "-XX:Tier2InvokeNotifyFreqLog=12",
                        "-XX:Tier2BackedgeNotifyFreqLog=15",
                        "-Dio.grpc.netty.shaded.io.netty.jfr.enabled=false",
                        "-Xmx256m",
                        "-cp",
                        project.toRealPath()
                                + "/server/target/tranche-server.jar:"
                                + project.toRealPath()
                                + "/server/target/lib/*",
                        "dev.tranche.server.Main",
                        "serve",
                        "--host",
                        "a b");
        assertThat(run.code()).isEqualTo(7);
    }

    @Test
    void worksThroughLinks() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("tranche"), launcher());
        Files.createDirectories(folder.resolve("links"));
        Path second = Files.createSymbolicLink(folder.resolve("links/t"), Path.of("..", "tranche"));
        assertThat(run(first, Map.of()).out()).contains("dev.tranche.server.Main");
        assertThat(run(second, Map.of()).out()).contains("dev.tranche.server.Main");
    }

    @Test
    void addsOptionsForJavaToItsOwn() throws Exception {
        assertThat(run(launcher(), Map.of("TRANCHE_JAVA_OPTS", "-Da=b -Dc=d")).out())
                .containsSequence("-Xmx256m", "-Da=b", "-Dc=d", "-cp");
    }

    @Test
    void givesTheBenchRoomForItsRecords() throws Exception {
        assertThat(run(launcher(), Map.of(), "bench").out()).contains("-Xmx2g", "bench");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx1g", "-XX:MaxRAMPercentage=50", "-Da=b -XX:MaxHeapSize=1g"})
    void leavesTheHeapToWhoeverSaysSomethingAboutIt(String options) throws Exception {
        assertThat(run(launcher(), Map.of("TRANCHE_JAVA_OPTS", options)).out())
                .doesNotContain("-Xmx256m")
                .containsSequence(options.split(" "));
    }

    @Test
    void passesOverAJavaThatIsTooOld() throws Exception {
        fakeJava("old", "17.0.2");
        Path path = executable("path/java", "exec '" + java + "' \"$@\"");
        assertThat(path).exists();
        Map<String, String> old = Map.of("JAVA_HOME", folder.resolve("old").toString());
        assertThat(run(launcher(), old).out().getFirst()).isEqualTo("jdk");
    }

    @Test
    void takesAnEarlyAccessJava() throws Exception {
        fakeJava("early", "26-ea");
        Map<String, String> early = Map.of("JAVA_HOME", folder.resolve("early").toString());
        assertThat(run(launcher(), early).out().getFirst()).isEqualTo("early");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "proto/tranche/v1/x.proto", "server/src/main/java/X.java"})
    void buildsWhatIsNewerThanTheJarAndOnlyOnce(String source) throws Exception {
        write(source, BUILT.plusSeconds(1));
        Run first = run(launcher(), Map.of());
        assertThat(first.err())
                .containsExactly(
                        "tranche: building, which takes about a minute the first time",
                        "maven -q -DskipTests -pl server -am package");
        assertThat(first.out()).contains("dev.tranche.server.Main");
        assertThat(run(launcher(), Map.of()).err()).isEmpty();
    }

    @Test
    void buildsIfASourceWasDeleted() throws Exception {
        Files.delete(project.resolve("server/src/main/java/X.java"));
        assertThat(run(launcher(), Map.of()).err()).hasSize(2);
    }

    @Test
    void buildsIfTheFolderOfJarsIsMissing() throws Exception {
        Files.delete(project.resolve("server/target/lib"));
        assertThat(run(launcher(), Map.of()).err())
                .contains("tranche: building, which takes about a minute the first time");
    }

    @Test
    void takesAProjectWithoutSourcesAsItIs() throws Exception {
        write("server/src/main/java/X.java", BUILT.plusSeconds(1));
        Files.delete(project.resolve("pom.xml"));
        assertThat(run(launcher(), Map.of()).err()).isEmpty();
    }

    @Test
    void endsWhereTheBuildFails() throws Exception {
        write("pom.xml", BUILT.plusSeconds(1));
        Run run = run(launcher(), Map.of("MAVEN_EXIT", "1"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().getLast()).startsWith("tranche: the build failed");
    }

    @Test
    void rehearsesOnceForEachBuildAndGivesJavaWhatItKept() throws Exception {
        Files.delete(cache());
        Run first = run(launcher(), Map.of(), "serve");
        assertThat(first.err()).containsExactly(REHEARSING);
        assertThat(first.out())
                .containsSequence(
                        "-XX:AOTCache=" + project.toRealPath().resolve(CACHE), "-Xlog:aot*=off")
                .doesNotContain("rehearse");
        assertThat(run(launcher(), Map.of(), "serve").err()).isEmpty();

        write("server/src/main/java/X.java", BUILT.plusSeconds(1));
        assertThat(run(launcher(), Map.of(), "serve").err()).hasSize(3).endsWith(REHEARSING);
        assertThat(run(launcher(), Map.of(), "serve").err()).isEmpty();
    }

    @Test
    void triesARehearsalThatFailsNoMoreThanOnce() throws Exception {
        Files.delete(cache());
        Map<String, String> failing = Map.of("REHEARSAL_EXIT", "1");
        Run first = run(launcher(), failing, "bench");
        assertThat(first.err()).containsExactly(REHEARSING);
        assertThat(first.out()).contains("bench").noneMatch(word -> word.contains("aot"));
        Run second = run(launcher(), failing, "bench");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
    }

    @Test
    void keepsNothingOfARehearsalThatBrokeOff() throws Exception {
        Files.delete(cache());
        run(launcher(), Map.of("REHEARSAL_EXIT", "1"), "serve");
        try (Stream<Path> files = Files.list(project.resolve("server/target"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("lib", "tranche-server.jar", "tranche-server.aot");
        }
    }

    @Test
    void rehearsesAnewWithOtherJars() throws Exception {
        write("server/target/lib/x.jar", BUILT.plusSeconds(2));
        assertThat(run(launcher(), Map.of(), "serve").err()).containsExactly(REHEARSING);
    }

    @Test
    void leavesTheCacheToWhoeverSaysSomethingAboutIt() throws Exception {
        Files.writeString(cache(), "cache");
        Map<String, String> own = Map.of("TRANCHE_JAVA_OPTS", "-XX:AOTCache=mine");
        assertThat(run(launcher(), own).out())
                .contains("-XX:AOTCache=mine")
                .doesNotContain("-Xlog:aot*=off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "migrate", "--version"})
    void doesNotRehearseForWhatEndsSoon(String command) throws Exception {
        Files.delete(cache());
        Run run = run(launcher(), Map.of(), command);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).noneMatch(word -> word.contains("aot"));
    }

    @Test
    void givesJavaNoCacheOfOtherJars() throws Exception {
        Files.writeString(cache(), "cache");
        Files.setLastModifiedTime(cache(), FileTime.from(BUILT.plusSeconds(1)));
        assertThat(run(launcher(), Map.of()).out()).contains("-Xlog:aot*=off");
        write("server/target/lib/x.jar", BUILT.plusSeconds(2));
        assertThat(run(launcher(), Map.of()).out()).noneMatch(word -> word.contains("aot"));
    }

    @Test
    void doesNotRehearseInAProjectWithoutSources() throws Exception {
        Files.delete(cache());
        Files.delete(project.resolve("pom.xml"));
        assertThat(run(launcher(), Map.of(), "serve").err()).isEmpty();
    }

    private Path cache() {
        return project.resolve(CACHE);
    }

    private Path launcher() {
        return project.resolve("server/bin/tranche");
    }

    private void write(String file, Instant changed) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "");
        for (Path each = path; each != null && !each.equals(project); each = each.getParent()) {
            Files.setLastModifiedTime(each, FileTime.from(changed));
        }
    }

    /**
     * A Java that says its version if asked, keeps a cache if asked, or else says its name and
     * arguments, and ends with 7.
     */
    private Path fakeJava(String name, String version) throws IOException {
        return executable(
                name + "/bin/java",
                """
                if [ "$1" = -version ]; then echo 'openjdk version "%s" 2026' >&2; exit 0; fi
                for word in "$@"; do
                    if [ "${before:-}" = rehearse ]; then
                        echo noise; echo noise >&2; echo cache > "$word"
                        exit ${REHEARSAL_EXIT:-0}
                    fi
                    before=$word
                done
                printf '%%s\\n' %s "$@"; exit 7\
                """
                        .formatted(version, name));
    }

    private Path executable(String file, String script) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + script + "\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
        return path;
    }

    private Run run(Path command, Map<String, String> environment, String... arguments)
            throws Exception {
        List<String> words = new ArrayList<>(List.of(command.toString()));
        words.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("path") + ":/usr/bin:/bin");
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    }

    private record Run(int code, List<String> out, List<String> err) {}
}
