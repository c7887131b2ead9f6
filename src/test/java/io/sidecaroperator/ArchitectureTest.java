package io.sidecaroperator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
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
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.UUID;
import java.util.function.Function;

/** The packages are the architecture; these rules keep it, and each says why it is there. */
@AnalyzeClasses(packages = "io.sidecaroperator", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.sidecaroperator.";

    /** Data about the API and its kinds: what the client reads and writes. */
    private static final String[] MODEL = {ROOT + "api..", ROOT + "core.workload.."};

    /** What computes and nothing else: the core without its kinds, and the page, which is a function of values. */
    private static final DescribedPredicate<JavaClass> PURE = resideInAnyPackage(ROOT + "core..", ROOT + "cli.page..")
            .and(DescribedPredicate.not(resideInAnyPackage(MODEL)))
            .as("pure");

    /** Where the process and its surroundings are known. */
    private static final String[] PROCESS = {"io.sidecaroperator", ROOT + "operator.app.."};

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
            .or(belongToAnyOf(IOException.class, UncheckedIOException.class, InputStream.class, Serializable.class))
            .or(PURE)
            .or(resideInAnyPackage(MODEL))
            .or(DescribedPredicate.describe("arrays and primitives", type -> type.isArray() || type.isPrimitive()))
            .as("plain values, Jackson's trees, resources of the own jar and each other");

    @ArchTest
    static final ArchRule pure_packages_know_no_client_framework_or_log = classes()
            .that(PURE)
            .should()
            .onlyDependOnClassesThat(COMPUTING.or(resideInAPackage("io.fabric8.zjsonpatch")))
            .because("every adapter calls the same engine and must get the same bytes: no client, no framework, no log,"
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
            .that(PURE.or(resideInAnyPackage(MODEL)))
            .should(accessTargetWhere(readsTheWorld()))
            .because("what depends on the time or on the machine cannot be the same everywhere; a Clock is passed in");

    @ArchTest
    static final ArchRule only_the_process_reads_the_environment = noClasses()
            .that()
            .resideOutsideOfPackages(PROCESS)
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
    static final ArchRule wings_stand_on_the_core = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("main")
            .definedBy("io.sidecaroperator")
            .layer("operator")
            .definedBy(ROOT + "operator..")
            .layer("cli")
            .definedBy(ROOT + "cli..")
            .layer("kube")
            .definedBy(ROOT + "kube..")
            .layer("yaml")
            .definedBy(ROOT + "yaml..")
            .layer("core")
            .definedBy(ROOT + "core..")
            .layer("api")
            .definedBy(ROOT + "api..")
            .whereLayer("main")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("operator")
            .mayOnlyBeAccessedByLayers("main")
            .whereLayer("cli")
            .mayOnlyBeAccessedByLayers("main")
            .whereLayer("kube")
            .mayOnlyBeAccessedByLayers("operator", "cli")
            .whereLayer("yaml")
            .mayOnlyBeAccessedByLayers("kube", "cli")
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("core", "operator", "cli")
            .because("operator and command line meet in the core alone: a rule that one of them had for itself"
                    + " would be a second answer");

    @ArchTest
    static final ArchRule undo_needs_nothing_but_the_receipt = classes()
            .that()
            .resideInAPackage(ROOT + "core.receipt..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(ROOT + "core.receipt", ROOT + "core.model", ROOT + "core.json")
                    .or(resideOutsideOfPackage("io.sidecaroperator..")))
            .because("what was injected can be taken out without the policy and without the engine");

    @ArchTest
    static final ArchRule yaml_is_a_library = classes()
            .that()
            .resideInAPackage(ROOT + "yaml..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(ROOT + "yaml", ROOT + "core.json")
                    .or(resideOutsideOfPackage("io.sidecaroperator..")))
            .because("it knows YAML as kubectl reads it, and nothing of policies");

    @ArchTest
    static final ArchRule rooms_of_the_operator_are_layered = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("app")
            .definedBy(ROOT + "operator.app..")
            .layer("admission")
            .definedBy(ROOT + "operator.admission..")
            .layer("controller")
            .definedBy(ROOT + "operator.controller..")
            .layer("progress")
            .definedBy(ROOT + "operator.progress..")
            .layer("watch")
            .definedBy(ROOT + "operator.watch..")
            .layer("write")
            .definedBy(ROOT + "operator.write..")
            .whereLayer("app")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("admission")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("controller")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("progress")
            .mayOnlyBeAccessedByLayers("controller")
            .whereLayer("watch")
            .mayOnlyBeAccessedByLayers("app", "controller", "progress")
            .whereLayer("write")
            .mayOnlyBeAccessedByLayers("controller", "progress", "watch")
            .because("controller, progress, watch, write: each knows those after it, and none looks back");

    @ArchTest
    static final ArchRule rooms_of_the_command_line_are_layered = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("demo")
            .definedBy(ROOT + "cli.demo..")
            .layer("command")
            .definedBy(ROOT + "cli.command..")
            .layer("page")
            .definedBy(ROOT + "cli.page..")
            .layer("cluster")
            .definedBy(ROOT + "cli.cluster..")
            .layer("manifest")
            .definedBy(ROOT + "cli.manifest..")
            .whereLayer("demo")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("command")
            .mayOnlyBeAccessedByLayers("demo")
            .whereLayer("page")
            .mayOnlyBeAccessedByLayers("command")
            .whereLayer("cluster")
            .mayOnlyBeAccessedByLayers("command", "demo")
            .whereLayer("manifest")
            .mayOnlyBeAccessedByLayers("command", "cluster", "demo")
            .because("manifests and clusters are read for any command");

    @ArchTest
    static final ArchRule packages_have_no_cycles = slices().assignedFrom(
                    new Slices("packages", type -> SliceIdentifier.of(type.getPackageName())))
            .should()
            .beFreeOfCycles()
            .because("packages that need each other are one package with two names");

    @ArchTest
    static final ArchRule classes_of_a_package_have_no_cycles = slices().assignedFrom(new Slices(
                    "classes",
                    type -> SliceIdentifier.of(
                            type.getPackageName(), outermost(type).getSimpleName())))
            .should()
            .beFreeOfCycles()
            .because("a class that needs another one, which needs it in turn, cannot be read alone");

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    private record Slices(String name, Function<JavaClass, SliceIdentifier> identifier) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return identifier.apply(type);
        }

        @Override
        public String getDescription() {
            return name;
        }
    }

    @ArchTest
    static final ArchRule one_class_makes_patches = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + "core.json.Patch")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8.zjsonpatch")
            .because("patches are the difference of two trees, never written by hand, and so never wrong about the"
                    + " tree that they are for");

    @ArchTest
    static final ArchRule only_the_command_line_prints = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "cli..", ROOT + "operator.app..", "io.sidecaroperator")
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
