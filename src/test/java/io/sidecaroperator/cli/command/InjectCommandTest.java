package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectCommandTest {
    private static final String POLICY = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: SidecarPolicy
            metadata: {name: logs, namespace: shop}
            spec:
              selector: {matchLabels: {logs: collected}}
              sharedVolumes: [{name: app-logs, mountPath: /var/log/app, envVar: LOG_DIR}]
              sidecars: [{name: log-collector, image: "fluent/fluent-bit:4.2.0"}]
            """;
    private static final String FREE_POLICY = POLICY.replace(", namespace: shop", "");
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              template:
                metadata: {labels: {logs: collected}}
                spec: {containers: [{name: app, image: nginx, args: [on, 0123, "1e3"]}]}
            """;
    private static final String UNREADABLE = DEPLOYMENT.replace(
            "metadata: {labels", "metadata: {annotations: {sidecar-operator.io/receipt: \"{\"}, labels");
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: one, namespace: shop, labels: {logs: collected}}
            spec: {containers: [{name: app, image: nginx}]}
            """;
    private static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {script: "a\\nb\\n", "on": "yes"}
            """;
    private static final String SEPARATOR = "---\n";

    @TempDir
    private Path directory;

    @Test
    void everyDocumentComesOutInItsPlace() {
        CommandRun run = CommandRun.inject(join(CONFIG_MAP, DEPLOYMENT, POLICY, POD));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("""
                Deployment shop/web: policy shop/logs injected
                Pod shop/one: policy shop/logs injected
                """);
        List<JsonNode> out = read(run.out());
        List<JsonNode> in = read(join(CONFIG_MAP, DEPLOYMENT, POLICY, POD));
        assertThat(out).hasSize(4);
        assertThat(out.get(0)).isEqualTo(in.get(0));
        assertThat(out.get(2)).isEqualTo(in.get(2));
        assertThat(out.get(1).at("/spec/template/spec/initContainers/0/name").textValue())
                .isEqualTo("log-collector");
        assertThat(out.get(1).at("/spec/template/spec/containers/0/args"))
                .isEqualTo(in.get(1).at("/spec/template/spec/containers/0/args"));
        assertThat(out.get(3).at("/spec/containers/0/volumeMounts/0/mountPath").textValue())
                .isEqualTo("/var/log/app");
    }

    @Test
    void policiesOfTheOptionAreNotInTheResult() throws IOException {
        CommandRun run = CommandRun.inject(DEPLOYMENT, "--policy", file("p.yaml", POLICY));

        assertThat(run.exitCode()).isZero();
        assertThat(read(run.out()))
                .hasSize(1)
                .allMatch(document -> document.toString().contains("log-collector"));
    }

    @Test
    void whatWasInjectedIsTakenOutAgain() {
        String input = join(CONFIG_MAP, DEPLOYMENT, POLICY, POD);
        CommandRun run = CommandRun.uninject(CommandRun.inject(input).out());

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("""
                Deployment shop/web: took out policy shop/logs
                Pod shop/one: took out policy shop/logs
                """);
        assertThat(texts(read(run.out()))).isEqualTo(texts(read(input)));
    }

    @Test
    void whatAPolicyGaveThatIsGoneOrMatchesNoMoreIsSaidToBeTakenOut() throws IOException {
        String injected =
                CommandRun.inject(DEPLOYMENT, "-p", file("p.yaml", POLICY)).ok();

        CommandRun none = CommandRun.inject(injected, "-q");
        assertThat(none.exitCode()).isZero();
        assertThat(none.out()).doesNotContain("log-collector");
        assertThat(none.err()).isEqualTo("""
                Deployment shop/web: took out policy shop/logs
                there is no policy in the input and none by --policy, so nothing was injected
                """);

        String narrower = file("n.yaml", POLICY.replace("collected", "elsewhere"));
        CommandRun other = CommandRun.inject(injected, "-p", narrower);
        assertThat(other.ok()).doesNotContain("log-collector");
        assertThat(other.err()).startsWith("""
                Deployment shop/web: no policy reaches it
                Deployment shop/web: took out policy shop/logs
                """);
        assertThat(CommandRun.of(injected, "diff", "-p", narrower, "-o", "summary")
                        .err())
                .doesNotContain("took out");
    }

    @Test
    void whatAnOrphaningPolicyLeftIsTheUsersAndNotTakenOut() throws IOException {
        String injected = CommandRun.inject(DEPLOYMENT, "-p", file("p.yaml", POLICY))
                .ok()
                .replace(
                        "  name: web\n  namespace: shop\n",
                        "  name: web\n  namespace: shop\n  annotations: {sidecar-operator.io/orphaned: shop/logs}\n");
        CommandRun run = CommandRun.inject(injected);
        assertThat(run.ok()).contains("log-collector").doesNotContain("receipt");
        assertThat(run.err()).doesNotContain("took out");
    }

    @Test
    void injectingTwiceIsInjectingOnce() {
        CommandRun once = CommandRun.inject(join(DEPLOYMENT, POLICY));
        assertThat(CommandRun.inject(once.out()).out()).isEqualTo(once.out());
    }

    @Test
    void filesAreReadInTheirOrderAndStandardInputWhereItIsNamed() throws IOException {
        CommandRun run = CommandRun.inject(
                POD,
                "-f",
                file("b.yaml", CONFIG_MAP),
                "-",
                "-f",
                file("a.json", "{\"apiVersion\":\"v1\",\"kind\":\"X\"}"));

        assertThat(read(run.out()))
                .extracting(document -> document.get("kind").textValue())
                .containsExactly("ConfigMap", "Pod", "X");
    }

    @Test
    void itemsOfListsAreInjectedInPlace() {
        String list = """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Secret, metadata: {name: s}}
                - apiVersion: apps/v1
                  kind: DeploymentList
                  metadata: {resourceVersion: "7"}
                  items:
                  - metadata: {name: web, namespace: shop}
                    spec:
                      template:
                        metadata: {labels: {logs: collected}}
                        spec: {containers: [{name: app}]}
                """;
        CommandRun run = CommandRun.inject(join(list, POLICY));

        assertThat(run.err()).isEqualTo("Deployment shop/web: policy shop/logs injected\n");
        JsonNode out = read(run.out()).get(0);
        assertThat(out.at("/items/1/items/0/spec/template/spec/initContainers/0/name")
                        .textValue())
                .isEqualTo("log-collector");
        assertThat(out.at("/items/1/items/0").has("kind")).isFalse();
        assertThat(texts(read(CommandRun.uninject(run.out()).out()))).isEqualTo(texts(read(join(list, POLICY))));
    }

    @Test
    void aPolicyWithoutNamespaceIsInTheWorkloads() throws IOException {
        String policy = file("p.yaml", FREE_POLICY);
        assertThat(CommandRun.inject(DEPLOYMENT, "-p", policy).err())
                .isEqualTo("Deployment shop/web: policy shop/logs injected\n");
        String bare = DEPLOYMENT.replace(", namespace: shop", "");
        assertThat(CommandRun.inject(bare, "-p", policy).err())
                .isEqualTo("Deployment default/web: policy default/logs injected\n");
        assertThat(CommandRun.inject(bare, "-p", policy, "-n", "team").err())
                .isEqualTo("Deployment team/web: policy team/logs injected\n");
    }

    @Test
    void aPolicyThatReachesNothingIsMentioned() {
        String bare = DEPLOYMENT.replace(", namespace: shop", "");
        assertThat(CommandRun.inject(join(bare, POLICY)).err()).isEqualTo("""
                Deployment default/web: no policy reaches it
                standard input, document 2 (line 9): SidecarPolicy logs: reaches no workload of the input; it is for \
                namespace shop, they are in default
                """);
        assertThat(CommandRun.inject(DEPLOYMENT).err()).isEqualTo("""
                Deployment shop/web: no policy reaches it
                there is no policy in the input and none by --policy, so nothing was injected
                """);
    }

    @Test
    void withStrictAPolicyThatWasAskedForHasToReachSomething() throws IOException {
        String policy = file("p.yaml", POLICY);
        String bare = DEPLOYMENT.replace(", namespace: shop", "");
        CommandRun run = CommandRun.inject(bare, "--strict", "-p", policy);
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .endsWith("SidecarPolicy logs: reaches no workload of the input; it is for namespace shop, they are in"
                        + " default\n");
        assertThat(CommandRun.inject(bare, "-p", policy).exitCode()).isZero();
        assertThat(CommandRun.inject(bare, "--strict", "-n", "shop", "-p", policy)
                        .ok())
                .contains("log-collector");
        assertThat(CommandRun.inject(join(bare, POLICY), "--strict").exitCode()).isZero();

        String web = file("web.yaml", bare);
        assertThat(CommandRun.inject("", "--strict", "--in-place", "-f", web, "-p", policy)
                        .exitCode())
                .isEqualTo(3);
        assertThat(Path.of(web)).hasContent(bare);
    }

    @Test
    void withStrictNothingIsTakenOutForWantOfAnyPolicy() throws IOException {
        String injected =
                CommandRun.inject(DEPLOYMENT, "-p", file("p.yaml", POLICY)).ok();
        String web = file("web.yaml", injected);
        CommandRun run = CommandRun.inject("", "--strict", "--in-place", "-f", web);
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("there is no policy in the input and none by --policy");
        assertThat(Path.of(web)).hasContent(injected);
        assertThat(CommandRun.inject(DEPLOYMENT, "--strict").exitCode()).isZero();
    }

    @Test
    void namespacesAmongTheDocumentsCountWithTheirLabels() {
        String namespace = """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, labels: {sidecar-operator.io/inject: "false"}}
                """;
        CommandRun run = CommandRun.inject(join(DEPLOYMENT, POLICY, namespace));

        assertThat(run.err()).startsWith("Deployment shop/web: policy shop/logs skipped (OptedOut): ");
        assertThat(texts(read(run.out()))).isEqualTo(texts(read(join(DEPLOYMENT, POLICY, namespace))));
    }

    @Test
    void systemNamespacesAreNeverTouched() {
        CommandRun run = CommandRun.inject(join(DEPLOYMENT.replace("shop", "kube-system"), FREE_POLICY));
        assertThat(run.err())
                .startsWith("Deployment kube-system/web: policy kube-system/logs skipped (SystemNamespace)");
    }

    @Test
    void aRefusalIsToldAndWithStrictEndsTheRunWith3() {
        String taken = DEPLOYMENT.replace("name: app,", "name: log-collector,");
        CommandRun run = CommandRun.inject(join(taken, POLICY));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).startsWith("Deployment shop/web: policy shop/logs refused (ContainerNameTaken): ");
        assertThat(texts(read(run.out()))).isEqualTo(texts(read(join(taken, POLICY))));

        CommandRun strict = CommandRun.inject(join(taken, POLICY), "--strict", "--quiet");
        assertThat(strict.exitCode()).isEqualTo(3);
        assertThat(strict.err()).isEqualTo(run.err());
        assertThat(strict.out()).isEqualTo(run.out());
    }

    @Test
    void quietSaysNothingWhenAllIsWell() {
        assertThat(CommandRun.inject(join(DEPLOYMENT, POLICY), "-q").err()).isEmpty();
    }

    @Test
    void theServersVersionDecidesWhetherASidecarIsNative() {
        CommandRun old = CommandRun.inject(join(DEPLOYMENT, POLICY), "--kubernetes-version", "v1.28.3");
        assertThat(read(old.out())
                        .get(0)
                        .at("/spec/template/spec/containers/1/name")
                        .textValue())
                .isEqualTo("log-collector");
        CommandRun junk = CommandRun.inject(join(DEPLOYMENT, POLICY), "--kubernetes-version", "new");
        assertThat(junk.exitCode()).isEqualTo(2);
        assertThat(junk.err()).isEqualTo("""
                sidecar: --kubernetes-version: "new" is no version; expected one like 1.36
                'sidecar inject --help' tells how it is used
                """);
    }

    @Test
    void aReceiptThatCannotBeReadIsAWarningWhereAPolicyMakesANewOne() {
        CommandRun run = CommandRun.inject(join(UNREADABLE, POLICY), "-q");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .startsWith("Deployment shop/web: note (ReceiptUnreadable): ")
                .doesNotContain("took out");
        assertThat(run.out()).contains("sidecar-operator.io/receipt: '{\"shop/logs\":");
    }

    @Test
    void aReceiptThatCannotBeReadIsNotTakenOutAlone() throws IOException {
        String file = file("web.yaml", join(CONFIG_MAP, UNREADABLE));
        for (String command : List.of("uninject", "inject")) {
            CommandRun run = CommandRun.of("", command, "--in-place", "-f", file);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .isEqualTo("sidecar: %s, document 2 (line 6): Deployment shop/web: annotation".formatted(file)
                            + " sidecar-operator.io/receipt of the pod template cannot be read, so nobody can tell what"
                            + " was added; take the sidecar, its volumes and mounts and this annotation out by hand, or"
                            + " put the receipt back as it was\n");
            assertThat(Path.of(file)).hasContent(join(CONFIG_MAP, UNREADABLE));
        }
        assertThat(CommandRun.uninject(UNREADABLE.replace("\"{\"", "~")).exitCode())
                .isZero();
    }

    @Test
    void whereNoPolicyMatchesAReceiptThatCannotBeReadGoesWithAWord() {
        String elsewhere = POLICY.replace("collected", "elsewhere");
        assertThat(CommandRun.inject(join(UNREADABLE, elsewhere), "-q").err())
                .contains("Deployment shop/web: took out the receipt that cannot be read, and nothing else: a sidecar"
                        + " that it was about is still there, take it out by hand\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "extensions/v1beta1 => Deployment web: apiVersion extensions/v1beta1 has no Deployment, expected apps/v1; it stays as it is",
                "v1 => Deployment web: apiVersion v1 has no Deployment, expected apps/v1; it stays as it is"
            })
    void aWorkloadOfAVersionThatIsNotIsAWarning(String apiVersion, String warning) {
        CommandRun run = CommandRun.inject(join(DEPLOYMENT.replace("apps/v1", apiVersion), POLICY));
        assertThat(run.err()).contains(warning);
    }

    @Test
    void anotherGroupsKindsAreNobodysBusiness() {
        CommandRun run = CommandRun.inject(join(DEPLOYMENT.replace("apps/v1", "example.com/v1"), DEPLOYMENT, POLICY));
        assertThat(run.err()).isEqualTo("Deployment shop/web: policy shop/logs injected\n");
    }

    @Test
    void aKindThatTheCommandIsToldOfIsInjectedAndTakenOutAgain() {
        String rollout = DEPLOYMENT.replace("apps/v1", "argoproj.io/v1alpha1").replace("Deployment", "Rollout");
        String kind = "argoproj.io/v1alpha1/Rollout=/spec/template";

        CommandRun injected = CommandRun.inject(join(rollout, POLICY), "--workload-kind", kind);

        assertThat(injected.err()).isEqualTo("Rollout shop/web: policy shop/logs injected\n");
        assertThat(injected.out()).contains("log-collector");
        CommandRun back = CommandRun.of(injected.out(), "uninject", "--workload-kind", kind);
        assertThat(texts(read(back.out()))).isEqualTo(texts(read(join(rollout, POLICY))));
    }

    @Test
    void aKindThatCannotBeReadIsSaidWithWhatWasExpected() {
        CommandRun run = CommandRun.inject(join(DEPLOYMENT, POLICY), "--workload-kind", "Rollout");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("--workload-kind: \"Rollout\" names no kind; expected GROUP/VERSION/KIND=PATH, as in"
                        + " argoproj.io/v1alpha1/Rollout=/spec/template");
    }

    @Test
    void aWorkloadWithoutTemplateStaysAsItIs() {
        String empty = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x}\nspec: {schedule: \"@daily\"}\n";
        CommandRun run = CommandRun.inject(join(empty, DEPLOYMENT, POLICY));
        assertThat(run.err())
                .contains("CronJob x: has no pod template at spec.jobTemplate.spec.template, so it stays as it is");
        assertThat(read(run.out()).get(0)).isEqualTo(read(empty).get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "{logs: collected => {sidecar-operator.io/inject: false, logs: collected => spec.template.metadata.labels[sidecar-operator.io/inject] is false, which is a boolean, and the API server takes text only; put it in quotes: \"false\"",
                "{logs: collected => {logs: yes => spec.template.metadata.labels[logs] is yes, which is a boolean, and the API server takes text only; put it in quotes: \"yes\"",
                "{labels: {logs: collected}} => {annotations: {a: 010}} => spec.template.metadata.annotations[a] is 010, which is a number, and the API server takes text only; put it in quotes: \"010\"",
                "namespace: shop => namespace: 5 => metadata.namespace is 5, which is a number, and the API server takes text only; put it in quotes: \"5\"",
                "name: web, => labels: {a: 1.10}, name: web, => metadata.labels[a] is 1.10, which is a number, and the API server takes text only; put it in quotes: \"1.10\"",
            })
    void metadataThatIsNoTextIsAMistakeOfTheManifest(String found, String written, String message) {
        String wrong = DEPLOYMENT.replace(found, written);
        for (String command : List.of("inject", "diff", "explain", "policies")) {
            CommandRun run = CommandRun.of(join(wrong, POLICY), command);
            assertThat(run.exitCode()).as(command).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .isEqualTo("sidecar: standard input, document 1 (line 1): Deployment web: " + message + "\n");
        }
        assertThat(CommandRun.uninject(wrong).exitCode()).isZero();
    }

    @Test
    void eachPlaceWithMetadataThatIsNoTextIsSaidAndNullIsNone() {
        CommandRun run = CommandRun.inject(
                join(POD.replace("name: one,", "name: [one],").replace("logs: collected", "logs: {}"), POLICY));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("""
                sidecar: standard input, document 1 (line 1): Pod: metadata.name is a list, and the API server takes \
                text only
                sidecar: standard input, document 1 (line 1): Pod: metadata.labels[logs] is a map, and the API server \
                takes text only
                """);
        assertThat(CommandRun.inject(join(POD.replace("logs: collected", "logs: collected, none: ~"), POLICY))
                        .err())
                .isEqualTo("Pod shop/one: policy shop/logs injected\n");
    }

    @Test
    void aNamespacesLabelThatIsNoTextIsAMistakeToo() {
        String namespace = """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, labels: {sidecar-operator.io/inject: no}}
                """;
        assertThat(CommandRun.inject(join(DEPLOYMENT, POLICY, namespace)).err())
                .isEqualTo("sidecar: standard input, document 3 (line 17): Namespace shop:"
                        + " metadata.labels[sidecar-operator.io/inject] is no, which is a boolean, and the API server"
                        + " takes text only; put it in quotes: \"no\"\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "a: b: c => sidecar: standard input, document 1, line 1: mapping values are not allowed here",
                "[1] => sidecar: standard input, document 1 (line 1): is no Kubernetes object but a list; an object has apiVersion and kind",
                "7 => sidecar: standard input, document 1 (line 1): is no Kubernetes object but a single value; an object has apiVersion and kind",
                "kind: Pod => sidecar: standard input, document 1 (line 1): apiVersion is missing, so this is no Kubernetes object",
                "{apiVersion: v1, kind: [Pod]} => sidecar: standard input, document 1 (line 1): kind is not a word, so this is no Kubernetes object",
                "{apiVersion: v1, kind: List, items: [1]} => sidecar: standard input, document 1 (line 1), items[0]: is no Kubernetes object",
                "{apiVersion: v1, kind: List, items: [{kind: Pod}]} => sidecar: standard input, document 1 (line 1), items[0]: apiVersion is missing, so this is no Kubernetes object",
                "# nothing => sidecar: standard input: holds no document",
                "{apiVersion: sidecar-operator.io/v1, kind: SidecarPolicy, metadata: {name: x}} => sidecar: standard input, document 1 (line 1): SidecarPolicy x: apiVersion is sidecar-operator.io/v1, expected sidecar-operator.io/v1alpha1"
            })
    void inputThatCannotBeUsedIsSaidInOneLineAndNothingIsPrinted(String input, String message) {
        CommandRun run = CommandRun.inject(input);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines().toList()).containsExactly(message);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void filesThatCannotBeReadAreSaid() throws IOException {
        String good = file("good.yaml", DEPLOYMENT);
        assertThat(CommandRun.inject("", "-f", good, "/no/such.yaml").err())
                .isEqualTo("sidecar: /no/such.yaml: there is no such file\n");
        assertThat(CommandRun.inject(POD, "-f", "-", "-").err())
                .isEqualTo("sidecar: -: standard input can be read only once\n");
        assertThat(CommandRun.inject(POD, "--policy", good).err())
                .isEqualTo("sidecar: %s, document 1 (line 1): is a Deployment; --policy takes files of policies only\n"
                        .formatted(good));
    }

    @Test
    void everyFindingAboutEveryPolicyIsSaid() {
        String one = POLICY.replace("mountPath: /var/log/app", "mountPath: var/log")
                .replace("name: log-collector", "name: Log");
        String two = "apiVersion: sidecar-operator.io/v1alpha1\nkind: ClusterSidecarPolicy\nmetadata: {name: all}\n"
                + "spec: {selector: {}, sidecars: [{name: a}]}\n";
        CommandRun run = CommandRun.inject(join(DEPLOYMENT, one, two));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .anyMatch(
                        line -> line.startsWith(
                                "sidecar: standard input, document 2 (line 9): SidecarPolicy logs: spec.sharedVolumes[0].mountPath"))
                .anyMatch(line -> line.startsWith(
                        "sidecar: standard input, document 2 (line 9): SidecarPolicy logs: spec.sidecars[0].name"))
                .anyMatch(
                        line -> line.contains("ClusterSidecarPolicy all: spec.sidecars[0]") && line.contains("image"));
    }

    @Test
    void twoPoliciesOfOneNameMustBeTheSame() throws IOException {
        String policy = file("p.yaml", POLICY);
        assertThat(CommandRun.inject(join(DEPLOYMENT, POLICY), "-p", policy).exitCode())
                .isZero();
        assertThat(CommandRun.inject(join(DEPLOYMENT, POLICY.replace("4.2.0", "4.3.0")), "-p", policy)
                        .err())
                .isEqualTo(
                        "sidecar: standard input, document 2 (line 9): SidecarPolicy logs is also, and not the same, in "
                                + policy + ", document 1 (line 1)\n");
        assertThat(CommandRun.inject(join(DEPLOYMENT, POLICY, FREE_POLICY)).err())
                .isEqualTo(
                        "sidecar: standard input, document 3 (line 17): SidecarPolicy logs without a namespace is, in"
                                + " namespace shop, a second policy of that name; give it a namespace\n");
    }

    @Test
    void aPolicyOfAnotherGroupIsAWarningInTheInputAndAMistakeInTheOption() throws IOException {
        String strange = POLICY.replace("sidecar-operator.io", "sidecar.example.com");
        CommandRun run = CommandRun.inject(join(DEPLOYMENT, strange));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("SidecarPolicy logs: apiVersion sidecar.example.com/v1alpha1 is not of group");
        assertThat(CommandRun.inject(DEPLOYMENT, "-p", file("s.yaml", strange)).err())
                .contains("SidecarPolicy logs: apiVersion is sidecar.example.com/v1alpha1, expected");
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private static String join(String... documents) {
        return String.join(SEPARATOR, documents);
    }

    private static List<JsonNode> read(String text) {
        List<JsonNode> documents = new ArrayList<>();
        new DocumentReader("out", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .forEachRemaining(document -> documents.add(document.content()));
        return documents;
    }

    /** Returns the documents as text, so that the order of their keys counts. */
    private static List<String> texts(List<JsonNode> documents) {
        return documents.stream().map(JsonNode::toString).toList();
    }
}
