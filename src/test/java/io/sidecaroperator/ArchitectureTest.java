package io.sidecaroperator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.Serializable;
import java.time.Clock;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.UUID;

/** The packages are the architecture; these rules keep it, and each says why it is there. */
@AnalyzeClasses(packages = "io.sidecaroperator", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** Packages that compute and nothing else. */
    private static final String[] PURE = {
        "io.sidecaroperator.engine..",
        "io.sidecaroperator.tree..",
        "io.sidecaroperator.podsecurity..",
        "io.sidecaroperator.validate..",
        "io.sidecaroperator.rollout..",
        "io.sidecaroperator.status..",
        "io.sidecaroperator.preview..",
        "io.sidecaroperator.explain..",
        "io.sidecaroperator.page.."
    };
    /** Packages of data about the API; they are what the client reads and writes. */
    private static final String[] MODEL = {"io.sidecaroperator.api..", "io.sidecaroperator.workload.."};

    private static final DescribedPredicate<JavaClass> COMPUTING = resideInAnyPackage(
                    "java.lang",
                    "java.lang.annotation",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.math",
                    "java.nio.charset",
                    "java.time..",
                    "java.util",
                    "java.util.function",
                    "java.util.regex",
                    "java.util.stream",
                    "java.security",
                    "com.fasterxml.jackson..",
                    "org.jspecify.annotations")
            .and(DescribedPredicate.not(belongToAnyOf(
                    Thread.class,
                    Runtime.class,
                    Process.class,
                    ProcessBuilder.class,
                    ThreadLocal.class,
                    Random.class,
                    Timer.class,
                    UUID.class,
                    java.security.SecureRandom.class)))
            .or(belongToAnyOf(IOException.class, Serializable.class))
            .or(resideInAnyPackage(PURE))
            .or(resideInAnyPackage(MODEL))
            .or(DescribedPredicate.describe("arrays and primitives", type -> type.isArray() || type.isPrimitive()))
            .as("plain values, Jackson's trees and each other");

    @ArchTest
    static final ArchRule pure_packages_know_no_client_framework_or_log = classes()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .onlyDependOnClassesThat(COMPUTING.or(resideInAPackage("io.fabric8.zjsonpatch")))
            .because("every door calls the same engine and must get the same bytes: no client, no framework, no log,"
                    + " no file, no socket, no thread and no dice can be in it");

    @ArchTest
    static final ArchRule the_model_knows_only_what_describes_it = classes()
            .that()
            .resideInAnyPackage(MODEL)
            .should()
            .onlyDependOnClassesThat(COMPUTING
                    .or(belongToAnyOf(CustomResource.class))
                    .or(resideInAnyPackage(
                            "io.fabric8.kubernetes.api.model..",
                            "io.fabric8.kubernetes.model.annotation",
                            "io.fabric8.generator.annotation",
                            "io.fabric8.crd.generator.annotation")))
            .because("the CRDs are generated from these classes and the engine reads them: they are data, and a"
                    + " client's resource class is all that they may be besides");

    @ArchTest
    static final ArchRule pure_packages_read_no_clock_and_no_environment = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .or()
            .resideInAnyPackage(MODEL)
            .should(accessTargetWhere(readsTheWorld()))
            .because("what depends on the time or on the machine cannot be the same everywhere; a Clock is passed in");

    @ArchTest
    static final ArchRule only_the_process_reads_the_environment = noClasses()
            .that()
            .resideOutsideOfPackage("io.sidecaroperator.app..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone")
            .because("settings, clocks and the end of the process come from one place, so that tests can give others");

    @ArchTest
    static final ArchRule controller_knows_no_other_door = door("controller", "admission", "cli");

    @ArchTest
    static final ArchRule admission_knows_no_other_door = door("admission", "controller", "cli");

    @ArchTest
    static final ArchRule cli_knows_no_other_door = door("cli", "controller", "admission");

    @ArchTest
    static final ArchRule manifests_are_read_for_any_command =
            door("manifest", "controller", "admission", "cli", "cluster");

    @ArchTest
    static final ArchRule a_cluster_is_read_for_any_command = door("cluster", "controller", "admission", "cli");

    @ArchTest
    static final ArchRule nobody_knows_the_process = noClasses()
            .that()
            .resideOutsideOfPackage("io.sidecaroperator.app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sidecaroperator.app..")
            .because("app composes the others; who needs something of it is given it");

    @ArchTest
    static final ArchRule packages_have_no_cycles = slices().matching("io.sidecaroperator.(*)..")
            .should()
            .beFreeOfCycles()
            .because("packages that need each other are one package with two names");

    /** Cycles that are still there; whoever mends one takes it out, and nobody adds one. */
    private static final Set<String> OLD_CYCLES = Set.of("io.sidecaroperator.engine");

    @ArchTest
    static final ArchRule classes_of_a_package_have_no_cycles = slices().assignedFrom(new TopLevelClasses())
            .should()
            .beFreeOfCycles()
            .because("a class that needs another one, which needs it in turn, cannot be read alone");

    /** A slice for each file, with what is nested in it. */
    private static final class TopLevelClasses implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return OLD_CYCLES.contains(type.getPackageName())
                    ? SliceIdentifier.ignore()
                    : SliceIdentifier.of(type.getPackageName(), outermost(type).getSimpleName());
        }

        private static JavaClass outermost(JavaClass type) {
            return type.getEnclosingClass().map(TopLevelClasses::outermost).orElse(type);
        }

        @Override
        public String getDescription() {
            return "classes";
        }
    }

    @ArchTest
    static final ArchRule classes_of_the_engine_have_no_cycles = slices().assignedFrom(
                    topLevelClassesIn("io.sidecaroperator.engine"))
            .should()
            .beFreeOfCycles()
            .because("who reads one class of a circle has to read them all");

    @ArchTest
    static final ArchRule one_class_makes_patches = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.sidecaroperator.tree.Patch")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8.zjsonpatch")
            .because("patches are the difference of two trees, never written by hand, and so never wrong about the"
                    + " tree that they are for");

    @ArchTest
    static final ArchRule only_the_command_line_prints = noClasses()
            .that()
            .resideOutsideOfPackages("io.sidecaroperator.cli..", "io.sidecaroperator.app..")
            .should(ACCESS_STANDARD_STREAMS)
            .because("standard output is the command line's result, and everything else is a log line with keys");

    @ArchTest
    static final ArchRule nothing_static_changes = fields().that()
            .areStatic()
            .and()
            .doNotHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC)
            .should()
            .beFinal()
            .because("a static variable is shared by all tests and all threads, and nobody owns it");

    @ArchTest
    static final ArchRule nothing_public_and_static_can_be_changed = fields().that()
            .areStatic()
            .and()
            .arePublic()
            .should()
            .notHaveRawType(DescribedPredicate.describe("an array", JavaClass::isArray))
            .andShould()
            .notHaveRawType(assignableTo(JsonNode.class))
            .because("who shares an array or a tree shares its changes");

    private static SliceAssignment topLevelClassesIn(String name) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().equals(name)
                        ? SliceIdentifier.of(outermost(type).getSimpleName())
                        : SliceIdentifier.ignore();
            }

            private JavaClass outermost(JavaClass type) {
                return type.getEnclosingClass().map(this::outermost).orElse(type);
            }

            @Override
            public String getDescription() {
                return "the classes of " + name;
            }
        };
    }

    private static ArchRule door(String name, String... others) {
        String[] packages = Set.of(others).stream()
                .map(other -> "io.sidecaroperator." + other + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("io.sidecaroperator." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .because(
                        "doors meet in the engine alone: a rule that one door had for itself would be a second answer");
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheWorld() {
        return DescribedPredicate.describe("a clock, the environment, a standard stream or dice", access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getTarget().getName();
            return owner.equals("java.lang.System")
                            && !Set.of("arraycopy", "identityHashCode").contains(name)
                    || owner.startsWith("java.time.") && name.equals("now")
                    || owner.equals("java.time.Clock") && name.startsWith("system")
                    || owner.equals("java.lang.Math") && name.equals("random");
        });
    }
}
