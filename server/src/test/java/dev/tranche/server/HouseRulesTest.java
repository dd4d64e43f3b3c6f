package dev.tranche.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the house, and which of them know of which. */
class HouseRulesTest {
    private static final String HOUSE = "dev.tranche.server";
    private static final Path SOURCES = Path.of("src/main/java/dev/tranche/server");

    /** What each room may know of the others; App and Main know all. */
    private static final Map<String, List<String>> MAY_KNOW =
            Map.of(
                    "schema", List.of(),
                    "operation", List.of("schema"),
                    "engine", List.of("schema", "operation"),
                    "batch", List.of("schema", "operation"),
                    "execute", List.of("schema", "operation", "engine", "batch"),
                    "insert", List.of("schema", "operation", "engine", "batch", "execute"),
                    "store", List.of("schema", "operation", "engine", "batch", "execute", "insert"),
                    "transport",
                            List.of("schema", "operation", "engine", "batch", "execute", "insert"),
                    "config", List.of());

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(
                            "dev.tranche.server", "dev.tranche.demo", "dev.tranche.terminal");

    private static final JavaClasses BENCH =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.tranche.bench");

    @Test
    void thereAreNoOtherRooms() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<String> rooms =
                    files.filter(Files::isDirectory)
                            .map(room -> room.getFileName().toString())
                            .sorted()
                            .toList();
            assertThat(rooms).isEqualTo(List.copyOf(new TreeSet<>(MAY_KNOW.keySet())));
        }
    }

    @Test
    void arrowsPointInward() {
        MAY_KNOW.forEach((room, known) -> {
            List<String> unknown = new ArrayList<>(MAY_KNOW.keySet());
            unknown.removeAll(known);
            unknown.remove(room);
            noClasses()
                    .that()
                    .resideInAPackage(inside(room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            unknown.stream().map(HouseRulesTest::inside).toArray(String[]::new))
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAPackage(HOUSE)
                    .check(CLASSES);
        });
    }

    @Test
    void protobufAndGrpcStayInTransport() {
        noClasses()
                .that()
                .resideInAPackage(HOUSE + "..")
                .and()
                .resideOutsideOfPackage(inside("transport"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.protobuf..", "io.grpc..", "dev.tranche.v1..")
                .check(CLASSES);
    }

    @Test
    void sqlStaysInTheStore() {
        noClasses()
                .that()
                .resideOutsideOfPackage(inside("store"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "javax.sql..",
                        "org.apache.ibatis..",
                        "org.mariadb..",
                        "com.zaxxer..")
                .check(CLASSES);
    }

    @Test
    void theBenchKnowsTheServerAsItsCallersDo() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage(HOUSE + "..").and(not(resideInAPackage(inside("config")))))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("dev.tranche.demo..")
                .check(BENCH);
    }

    @Test
    void settingsNeedOnlyTheJdkAndPicocli() {
        classes()
                .that()
                .resideInAPackage(inside("config"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "picocli..", "org.jspecify..", inside("config"))
                .check(CLASSES);
    }

    @Test
    void oneClassKnowsTheStream() {
        assertThat(dependents("io.grpc.ServerCall$Listener")).containsExactly("Exchange");
        assertThat(dependents("io.grpc.stub.StreamObserver")).isEmpty();
    }

    @Test
    void oneClassKnowsTheVendorsCodes() throws IOException {
        assertThat(sourcesWith("getErrorCode()")).containsExactly("SqlErrors.java");
    }

    @Test
    void everyRoomSaysWhatItOwnsNeverDoesAndWhereToStart() throws IOException {
        for (String room : MAY_KNOW.keySet()) {
            String text = Files.readString(SOURCES.resolve(room).resolve("package-info.java"));
            assertThat(text).contains("Owns", "Never", "Start reading at {@link", "@NullMarked");
        }
    }

    @Test
    void noRoomIsALumberRoom() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..util..",
                        "..common..",
                        "..helper..",
                        "..manager..",
                        "..impl..",
                        "..dto..",
                        "..model..")
                .check(CLASSES);
    }

    private static List<String> dependents(String type) {
        return CLASSES.stream()
                .filter(one ->
                        one.getDirectDependenciesFromSelf().stream()
                                .anyMatch(to -> to.getTargetClass().getName().equals(type)))
                .map(one -> one.getSimpleName())
                .sorted()
                .toList();
    }

    private static List<String> sourcesWith(String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                if (Files.readString(file).contains(text)) {
                    found.add(file.getFileName().toString());
                }
            }
        }
        return found;
    }

    private static String inside(String room) {
        return HOUSE + "." + room + "..";
    }
}
