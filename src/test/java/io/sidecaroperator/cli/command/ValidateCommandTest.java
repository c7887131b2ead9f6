package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.PolicyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What validate finds in valid and invalid files. */
class ValidateCommandTest {
    private static final String GOOD = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: SidecarPolicy
            metadata: {name: logs, namespace: shop}
            spec:
              selector: {matchLabels: {logs: collected}}
              sharedVolumes: [{name: app-logs, mountPath: /var/log/app}]
              sidecars:
              - name: log-collector
                image: fluent/fluent-bit:4.2.0
            """;
    private static final String BAD = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: SidecarPolicy
            metadata: {name: bad}
            spec:
              selector: {}
              mode: Adit
              sidecars: [{name: A, image: "a:1"}]
            """;

    @TempDir
    private Path directory;

    @Test
    void theExamplesAreFine() {
        JsonNode found = Json.parse(validate(
                        "-R",
                        "--strict",
                        "-o",
                        "json",
                        "-f",
                        Checkout.ROOT.resolve("examples").toString())
                .ok());
        assertThat(found.path("policies").size()).isGreaterThanOrEqualTo(14);
        assertThat(found.path("errors").asInt() + found.path("warnings").asInt())
                .isZero();
        assertThat(found.path("otherObjects").asInt()).isPositive();
    }

    @Test
    void everyFindingOfEveryBadPolicyIsTold() {
        Path folder = Checkout.ROOT.resolve("src/test/resources/invalid-policies");
        CommandRun run = validate("-o", "json", "-f", folder.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        JsonNode policies = Json.parse(run.out()).path("policies");
        assertThat(policies.size()).isEqualTo(PolicyFile.invalid().size());
        for (PolicyFile file : PolicyFile.invalid()) {
            List<JsonNode> findings = findings(policies, file.toString());
            file.expectations()
                    .forEach(expected -> assertThat(findings)
                            .as("%s", file)
                            .anyMatch(finding -> finding.path("path").asText().equals(expected.path())
                                    && finding.path("message").asText().contains(expected.message())
                                    && finding.path("severity").asText().equals("error")));
        }
    }

    @Test
    void aPersonSeesThePriceAndTheFindings() throws IOException {
        Path good = write("good.yaml", GOOD);
        Path bad = write("bad.yaml", "# comment\n" + BAD + "---\n" + """
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolcy
                metadata: {name: typo}
                ---
                {apiVersion: sidecar-operater.io/v1alpha1, kind: SidecarPolicy, metadata: {name: group}}
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
                ---
                replicas: 3
                """);
        CommandRun run = validate("-f", good.toString(), bad.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().replace(directory + "/", "")).isEqualTo("""
                good.yaml, document 1 (line 1): SidecarPolicy logs: revision ba9b140a0b, requests cpu 100m, memory 128Mi more \
                a pod, Pod Security baseline
                bad.yaml, document 1 (line 2): SidecarPolicy bad
                  error   spec.mode: Unsupported value: "Adit": supported values: "Audit", "Enforce" (Enum)
                  error   spec.sidecars[0].name: should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$': a-z, 0-9 and -, with \
                a letter or digit at both ends (Pattern)
                bad.yaml, document 2 (line 10): SidecarPolcy typo
                  warning kind: sidecar-operator.io has no kind SidecarPolcy, so this is no policy; did you mean \
                SidecarPolicy? (UnknownKind)
                bad.yaml, document 3 (line 14): SidecarPolicy group
                  warning apiVersion: sidecar-operater.io/v1alpha1 is not of group sidecar-operator.io, so this is no \
                policy; did you mean sidecar-operator.io? (OtherGroup)
                bad.yaml, document 5 (line 18): document
                  warning apiVersion is missing, so this is no Kubernetes object (NoObject)
                2 policies, 2 errors, 3 warnings; 4 other objects are no policy
                """);
    }

    @Test
    void strictnessMakesWarningsCount() throws IOException {
        Path typo = write("typo.yaml", GOOD.replace("kind: SidecarPolicy", "kind: ClusterSidecarPolicie"));
        assertThat(validate("-f", typo.toString()).ok()).contains("did you mean ClusterSidecarPolicy?");
        assertThat(validate("-f", typo.toString(), "--strict").exitCode()).isEqualTo(1);
    }

    @Test
    void aLevelOfPodSecurityCanBeDemanded() throws IOException {
        Path good = write("good.yaml", GOOD);
        assertThat(validate("-f", good.toString(), "--pod-security", "baseline").exitCode())
                .isZero();
        CommandRun run = validate("-f", good.toString(), "--pod-security", "restricted", "-o", "json");
        assertThat(run.exitCode()).isEqualTo(1);
        JsonNode found = Json.parse(run.out());
        assertThat(found.at("/policies/0/podSecurity").asText()).isEqualTo("baseline");
        assertThat(found.at("/policies/0/addedRequests/cpu").asText()).isEqualTo("100m");
        assertThat(found.path("findings").findValuesAsText("code")).isNotEmpty().containsOnly("PodSecurity");
        assertThat(found.path("findings").findValuesAsText("message"))
                .anyMatch(message -> message.startsWith("Pod Security level restricted: ")
                        && message.contains("log-collector")
                        && message.contains("runAsNonRoot"));
        CommandRun nothing = validate("-f", good.toString(), "--pod-security", "privileged");
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.err()).contains("expected baseline or restricted");
    }

    @Test
    void gitHubShowsFindingsAtTheirLines() throws IOException {
        Path odd = write("a,b:100%.yaml", GOOD + "---\n" + BAD);
        CommandRun run = validate("-f", odd.toString(), "-o", "github");
        String file = directory.toString() + "/a%2Cb%3A100%25.yaml";
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().lines().toList())
                .startsWith("::error file=" + file + ",line=11,title=SidecarPolicy bad::spec.mode: Unsupported value:"
                        + " \"Adit\": supported values: \"Audit\", \"Enforce\"")
                .endsWith("2 policies, 2 errors, 0 warnings");
    }

    @Test
    void whatCannotBeReadHidesNothing() throws IOException {
        Path broken = write("a-broken.yaml", BAD + "---\nspec: [\n");
        Path bad = write("b-bad.yaml", BAD.replace("name: bad", "name: worse"));
        CommandRun run = validate("-f", directory.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out())
                .contains(broken + ", document 1 (line 1): SidecarPolicy bad\n")
                .contains(bad + ", document 1 (line 1): SidecarPolicy worse\n")
                .contains("cannot be read: " + broken + ", document 2, line ")
                .endsWith("2 policies, 4 errors, 0 warnings; 1 file cannot be read to the end\n");
        assertThat(validate("-f", directory.toString(), "-o", "github").out())
                .containsPattern("::error file=" + broken + ",line=\\d+::" + broken + ", document 2, line");
    }

    @Test
    void aPolicyThatIsTwiceInAFileIsAnError() throws IOException {
        Path file = write("both.yaml", GOOD + "---\n" + GOOD.replace("4.2.0", "4.3.0"));
        CommandRun run = validate("-f", file.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("error   metadata.name: is also, and not the same, in " + file + ", document 1 (line 1)"
                        + " (Duplicate)");
    }

    @Test
    void aPolicyThatIsInTwoFilesMayBeForTwoClusters() throws IOException {
        Path one = write("one.yaml", GOOD);
        Path other = write("other.yaml", GOOD.replace("4.2.0", "4.3.0"));
        CommandRun run = validate("-f", one.toString(), other.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("warning metadata.name: is also, and not the same, in " + one + ", document 1 (line 1)"
                        + " (Duplicate)");
        assertThat(validate("--strict", "-f", one.toString(), other.toString()).exitCode())
                .isEqualTo(1);
        assertThat(validate("--strict", "-f", one.toString(), one.toString()).exitCode())
                .isZero();
    }

    @Test
    void nothingAtAllIsAMistake() {
        CommandRun run = CommandRun.of("", "validate");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("standard input: holds no document");
    }

    private static List<JsonNode> findings(JsonNode policies, String file) {
        List<JsonNode> findings = new ArrayList<>();
        policies.forEach(policy -> {
            if (policy.path("file").asText().contains(file)) {
                policy.path("findings").forEach(findings::add);
            }
        });
        return findings;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static CommandRun validate(String... arguments) {
        List<String> all = new ArrayList<>(List.of("validate"));
        all.addAll(List.of(arguments));
        return CommandRun.of("", all.toArray(String[]::new));
    }
}
