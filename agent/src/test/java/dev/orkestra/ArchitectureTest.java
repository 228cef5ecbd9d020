package dev.orkestra;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the packages and their order: DESIGN §2 and §3. A new package must be given its place here. */
class ArchitectureTest {
    private static final String ROOT = "dev.orkestra.";

    /** In the order in which data flows: a package may use those before it. */
    private static final List<String> FLOW = List.of(
            "outcome",
            "document",
            "schema",
            "template",
            "cel",
            "crd",
            "rules",
            "report",
            "source",
            "katalog",
            "web",
            "registry",
            "chart",
            "imports",
            "kustomize",
            "group",
            "desired",
            "health",
            "plan",
            "run",
            "explain",
            "live",
            "apply",
            "drift",
            "release",
            "executor",
            "embedded",
            "forge",
            "agent",
            "cli");

    private static final Set<String> SHELL = Set.of(
            "source",
            "web",
            "registry",
            "chart",
            "imports",
            "kustomize",
            "live",
            "apply",
            "drift",
            "release",
            "executor",
            "embedded",
            "forge",
            "agent",
            "cli");
    /** Rooms beside the flow, open to shell packages only. */
    private static final Set<String> ROOMS = Set.of("cluster", "process");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.orkestra");

    @TestFactory
    Stream<DynamicTest> aPackageUsesOnlyThoseBeforeIt() {
        return FLOW.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    List<String> later = FLOW.subList(FLOW.indexOf(name) + 1, FLOW.size());
                    check(noClasses()
                            .that()
                            .resideInAPackage(ROOT + name)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(packages(later))
                            .allowEmptyShould(true));
                    if (!SHELL.contains(name)) {
                        check(noClasses()
                                .that()
                                .resideInAPackage(ROOT + name)
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(packages(ROOMS))
                                .because("only shell packages do I/O")
                                .allowEmptyShould(true));
                    }
                }));
    }

    @Test
    void theRoomsBesideTheFlowKnowOnlyWordsAndDocuments() {
        for (String room : ROOMS) {
            List<String> forbidden = Stream.concat(FLOW.stream().skip(2), ROOMS.stream())
                    .filter(name -> !name.equals(room))
                    .toList();
            check(noClasses()
                    .that()
                    .resideInAPackage(ROOT + room)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages(forbidden)));
        }
    }

    @Test
    void everyPackageHasAPlaceInTheOrder() {
        Set<String> found = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(ROOT.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = new TreeSet<>(FLOW);
        known.addAll(ROOMS);
        assertThat(known).containsAll(found);
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        Set<String> described = CLASSES.stream()
                .filter(each -> each.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
        Set<String> all =
                CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).containsAll(all);
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("dev.orkestra.(*)..").should().beFreeOfCycles());
    }

    @TestFactory
    Stream<DynamicTest> eachLibraryHasOneRoom() {
        return Stream.of(
                onlyIn("cluster", "io.kubernetes..", "okhttp3.."),
                onlyIn("source", "org.eclipse.jgit.."),
                onlyIn("document", "org.yaml.."),
                onlyIn("schema", "com.networknt..", "com.google.re2j.."),
                onlyIn("cel", "dev.cel..", "com.google.common..", "com.google.protobuf.."),
                onlyIn("agent", "org.quartz..", "io.prometheus..", "com.sun.net.httpserver.."),
                onlyIn("cli", "picocli.."));
    }

    /** Patterns there meet documents that others wrote; {@code java.util.regex} backtracks. */
    @Test
    void schemasAreMatchedInLinearTime() {
        check(noClasses()
                .that()
                .resideInAnyPackage(ROOT + "schema", ROOT + "cel", ROOT + "crd")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex.."));
    }

    @Test
    void onlyTheCommandLinePrintsAndExits() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class));
    }

    @Test
    void onlyTheProcessRoomStartsProcesses() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "process")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String.class));
    }

    @Test
    void nobodySleepsOrAsksTheClockBehindTheCallersBack() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class));
        check(noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "agent", ROOT + "cli")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC"));
    }

    private static DynamicTest onlyIn(String room, String... libraries) {
        return DynamicTest.dynamicTest(
                String.join(", ", libraries) + " only in " + room,
                () -> check(noClasses()
                        .that(DescribedPredicate.describe(
                                "outside of " + room,
                                each -> !each.getPackageName().equals(ROOT + room)))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(libraries)));
    }

    private static String[] packages(java.util.Collection<String> names) {
        return names.isEmpty()
                ? new String[] {"nowhere"}
                : names.stream().map(name -> ROOT + name).toArray(String[]::new);
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
