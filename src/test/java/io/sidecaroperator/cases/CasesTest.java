package io.sidecaroperator.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cases.CaseInput.Moment;
import io.sidecaroperator.core.explain.Explanation;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.policy.validation.PolicyValidator;
import io.sidecaroperator.core.policy.validation.Severity;
import io.sidecaroperator.support.Crds;
import io.sidecaroperator.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every golden case through the engine itself, and what must hold for the cases as a whole. */
class CasesTest {
    private static final String UPDATE = "mvn test -Dtest=CasesTest -Dcases.update";
    private static final String FIX = "%s is not what the engine makes of it; when the change is wanted: " + UPDATE
            + ", and the commit's message says why";
    private static final String README = "README.md";
    private static final PolicyValidator VALIDATOR = new PolicyValidator(Crds.all());

    @TestFactory
    Stream<DynamicContainer> cases() {
        return CaseFolder.all().stream().map(CasesTest::container);
    }

    private static DynamicContainer container(CaseFolder folder) {
        return dynamicContainer(
                folder.name(),
                Stream.of(
                        dynamicTest("has the files that it needs, and policies that are valid", () -> sound(folder)),
                        dynamicTest("injects and explains as its files say", () -> golden(folder)),
                        dynamicTest("injects into the result without a change", () -> fixed(folder)),
                        dynamicTest("gives back what it added", () -> stripped(folder)),
                        dynamicTest("leads to the result by its patch", () -> patched(folder)),
                        dynamicTest("shows what it claims", () -> claims(folder))));
    }

    private static void sound(CaseFolder folder) {
        if (System.getProperty("cases.update") == null) {
            assertThat(folder.files())
                    .as("files of the case; missing ones are written by: %s", UPDATE)
                    .isEqualTo(folder.expectedFiles());
        }
        folder.policies()
                .forEach(policy -> assertThat(VALIDATOR.validate(policy))
                        .filteredOn(finding -> finding.severity() == Severity.ERROR)
                        .isEmpty());
    }

    private static void golden(CaseFolder folder) {
        String before = Json.text(folder.template());
        Injection injection = folder.injection();
        assertThat(Json.text(injection.input().template()))
                .as("the input is not changed")
                .isEqualTo(before);
        String out = YamlWriter.write(folder.with(injection.template()));
        String explanation = Explanation.render(injection);
        if (System.getProperty("cases.update") != null) {
            folder.write(CaseFolder.OUT, out);
            folder.write(CaseFolder.EXPLAIN, explanation);
        }
        assertThat(Json.text(folder.templateOf(folder.manifest(CaseFolder.OUT))))
                .as(FIX, CaseFolder.OUT)
                .isEqualTo(Json.text(injection.template()));
        assertThat(folder.text(CaseFolder.OUT)).as(FIX, CaseFolder.OUT).isEqualTo(out);
        assertThat(folder.text(CaseFolder.EXPLAIN)).as(FIX, CaseFolder.EXPLAIN).isEqualTo(explanation);
        assertThat(Engine.CURRENT.inSync(injection))
                .as("whether no write is needed")
                .isEqualTo(folder.given().inSync() || injection.template().equals(folder.template()));
        if (folder.given().trigger().isEmpty()) {
            for (Moment trigger : List.of(Moment.Resync, Moment.Offline)) {
                assertThat(Engine.CURRENT
                                .inject(folder.input(trigger), folder.index())
                                .template())
                        .as("facts.yaml does not say trigger, and it makes a difference")
                        .isEqualTo(injection.template());
            }
        }
    }

    private static void fixed(CaseFolder folder) {
        ObjectNode result = folder.injection().template();
        Injection again = Engine.CURRENT.inject(folder.factsOf(result), folder.index());
        assertThat(Json.text(again.template())).isEqualTo(Json.text(result));
        assertThat(Engine.CURRENT.inSync(again)).as("in sync").isTrue();
    }

    private static void stripped(CaseFolder folder) {
        ObjectNode result = folder.injection().template();
        String before = Json.text(result);
        ObjectNode stripped = Engine.strip(result).template();
        assertThat(Json.text(result)).as("the injected template is not changed").isEqualTo(before);
        if (!folder.given().retains()) {
            assertThat(Json.text(stripped)).isEqualTo(Json.text(folder.template()));
            return;
        }
        String text = YamlWriter.write(folder.with(stripped));
        if (System.getProperty("cases.update") != null) {
            folder.write(CaseFolder.STRIPPED, text);
        }
        assertThat(Json.text(folder.templateOf(folder.manifest(CaseFolder.STRIPPED))))
                .as(FIX, CaseFolder.STRIPPED)
                .isEqualTo(Json.text(stripped));
        assertThat(folder.text(CaseFolder.STRIPPED))
                .as(FIX, CaseFolder.STRIPPED)
                .isEqualTo(text);
        assertThat(stripped)
                .as("carries: true is for inputs that stripping does not give back")
                .isNotEqualTo(folder.template());
    }

    private static void patched(CaseFolder folder) {
        ObjectNode template = folder.template();
        JsonNode result = folder.injection().template();
        assertThat(Patch.apply(Patch.diff(template, result), template)).isEqualTo(result);
    }

    private static void claims(CaseFolder folder) {
        assertThat(Vocabulary.of(folder, folder.injection()))
                .as("what really happens in the case, and what facts.yaml claims")
                .containsAll(folder.given().claims());
        assertThat(folder.given().claims()).as("claims").isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void everyReasonEditPlacementAndTypeIsClaimedByACase() {
        Set<String> unclaimed = new TreeSet<>(Vocabulary.all());
        CaseFolder.all().forEach(folder -> folder.given().claims().forEach(unclaimed::remove));
        assertThat(unclaimed).as("words that no case claims in its facts.yaml").isEmpty();
    }

    @Test
    void theReadmeListsEveryCaseWithItsTitle() throws IOException {
        List<String> listed = Files.readAllLines(CaseFolder.ROOT.resolve(README)).stream()
                .filter(line -> line.startsWith("- ["))
                .toList();
        List<String> cases = CaseFolder.all().stream()
                .map(folder -> "- [" + folder.name() + "](" + folder.name() + "): "
                        + folder.given().title())
                .toList();
        assertThat(listed).as("lines of %s", README).doesNotHaveDuplicates();
        assertThat(difference(cases, listed)).as("lines that %s lacks", README).isEmpty();
        assertThat(difference(listed, cases))
                .as("lines of %s that belong to no case with this title", README)
                .isEmpty();
    }

    private static Set<String> difference(List<String> some, List<String> others) {
        Set<String> left = new TreeSet<>(some);
        left.removeAll(Set.copyOf(others));
        return left;
    }

    @Test
    void nothingLiesBetweenTheCases() {
        assertThat(CaseFolder.entries(CaseFolder.ROOT).stream()
                        .filter(path -> !Files.isDirectory(path))
                        .map(Path::getFileName)
                        .map(Path::toString))
                .containsExactly(README);
    }
}
