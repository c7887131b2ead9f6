package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users do to a Deployment that a policy selects: the real kubectl against the real operator. */
class ApplyEnginesIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final String ON_NEXT = "rollout: {strategy: OnNextRollout}";
    private static final String SSA_FORCE = "--server-side --force-conflicts";

    private final Installation installation = Installation.install(CLUSTER);

    @AfterEach
    void removeTheWebhook() {
        CLUSTER.kubectl("", "delete", "mutatingwebhookconfiguration", "sidecar-operator", "--ignore-not-found")
                .ok();
    }

    @Test
    void theUsersChangesMakeAsManyReplicaSetsAsWithoutInjectionAndTheReconcilerAloneReachesTheSameTemplates()
            throws IOException {
        Keyboard user = Keyboard.inNewNamespace(CLUSTER, "engines");
        List<Step> admitted;
        try (OperatorRun operator = OperatorRun.start(installation).ready()) {
            user.setsPolicy(Keyboard.policy(1, ""));
            admitted = steps(user, WebManifest.FIRST, ApplyEnginesIT::isInjected);
        }
        Keyboard alone = Keyboard.inNewNamespace(CLUSTER, "alone");
        List<Step> reconciled;
        try (OperatorRun operator =
                OperatorRun.start(installation, "--workload-webhook", "false").ready()) {
            alone.setsPolicy(Keyboard.policy(1, ""));
            reconciled = steps(alone, WebManifest.FIRST, ApplyEnginesIT::isInjected);
        }
        List<Step> plain =
                steps(Keyboard.inNewNamespace(CLUSTER, "plain"), WebManifest.FIRST.of(false), template -> true);

        assertThat(plain).extracting(Step::replicaSets).containsExactly(1, 2, 3, 3, 3);
        assertThat(admitted).extracting(Step::replicaSets).containsExactly(1, 2, 3, 3, 3);
        for (int i = 0; i < admitted.size(); i++) {
            assertThat(Json.text(reconciled.get(i).template()))
                    .as("step %d", i + 1)
                    .isEqualTo(Json.text(admitted.get(i).template()).replace(user.namespace(), alone.namespace()));
        }
    }

    /** The state after a change. */
    private record Step(int replicaSets, JsonNode template) {}

    private static List<Step> steps(Keyboard user, WebManifest first, Predicate<JsonNode> settled) {
        WebManifest renamed = first.withImage("app:2").withContainer("main");
        List<Runnable> changes = List.of(
                () -> user.applies(first.text()),
                () -> user.applies(first.withImage("app:2").text()),
                () -> user.applies(renamed.text()),
                () -> user.pipes(renamed.text(), "replace", "-f", "-"),
                () -> user.pipes(first.text(), "replace", "-f", "-"));
        List<Step> steps = new ArrayList<>();
        for (Runnable change : changes) {
            change.run();
            await().atMost(SOON).until(() -> settled.test(user.seesDeployment().at("/spec/template")));
            steps.add(new Step(user.countsReplicaSets(), user.seesDeployment().at("/spec/template")));
        }
        return steps;
    }

    private static boolean isInjected(JsonNode template) {
        return Engine.hasReceipt((ObjectNode) template)
                && Keyboard.sidecar(template).equals("1")
                && Json.named(template.at("/spec/containers/0"), "env", "AGENT_DIR")
                        .isPresent();
    }

    /**
     * A day of one user, and of a twin whose Deployment no policy selects. No step may create more ReplicaSets for the
     * user than for the twin.
     */
    @Test
    void noStepMakesAReplicaSetThatTheUsersOwnChangeWouldNotHaveMade() throws IOException {
        Keyboard user = Keyboard.inNewNamespace(CLUSTER, "gate");
        Keyboard twin = Keyboard.inNewNamespace(CLUSTER, "twin");
        Audit audit = Audit.fromNow(CLUSTER, installation.user());
        try (OperatorRun operator = OperatorRun.start(installation).ready()) {
            user.setsPolicy(Keyboard.policy(1, ON_NEXT));
            Day day = new Day(user, twin);
            WebManifest file = WebManifest.FIRST;

            day.applies("create", file, 1, "1");
            day.applies("the same", file, 1, "1");
            day.types("scale", 1, "1", "scale", "deployment/web", "--replicas=2");
            day.types("annotate", 1, "1", "annotate", "deployment/web", "a=1");
            user.setsPolicy(Keyboard.policy(2, ON_NEXT));
            day.types("annotate, the policy is newer", 1, "1", "annotate", "deployment/web", "a=2", "--overwrite");
            day.applies("the same, the policy is newer", file, 1, "1");
            day.types("restart", 2, "2", "rollout", "restart", "deployment/web");
            file = file.withImage("app:2");
            day.applies("image", file, 3, "2");
            file = file.withVolume(true);
            day.applies("a volume", file, 4, "2");
            file = file.withVolume(false);
            day.applies("the volumes: key dropped", file, 4, "2");
            file = file.withContainer("main");
            day.applies("renamed container", file, 5, "2");
            day.replaces("the same file, which drops kubectl's restartedAt", file, 6, "2");
            file = file.withImage("app:3");
            day.replaces("replaced image", file, 7, "2");
            day.applies("server-side, the same", file, 7, "2", SSA_FORCE);
            file = file.withContainer("server");
            day.applies("server-side, renamed container", file, 8, "2", SSA_FORCE);
            day.types("undo", 8, "2", "rollout", "undo", "deployment/web");
            file = file.withImage("app:4").withAnnotation(true);
            day.applies("image and an annotation", file, 9, "2");
            file = file.withAnnotation(false);
            day.applies("the annotations: key dropped", file, 10, "2");
            file = file.withEnv("[{name: AGENT_DIR, value: /mine}]");
            day.applies("an env of ours is set by the user", file, 11, "2");
            assertThat(day.env("AGENT_DIR")).isEqualTo("/mine");
            day.applies("the same with the user's env", file, 11, "2");
            file = file.withImage("app:5");
            day.applies("image with the user's env", file, 12, "2");
            assertThat(day.env("AGENT_DIR")).isEqualTo("/mine");
            day.types("set image", 13, "2", "set", "image", "deployment/web", "server=example.org/app:6");
            user.types("delete", "sidecarpolicy", "agent", "--timeout=240s");
            day.types("annotate, the policy is gone", 13, "2", "annotate", "deployment/web", "a=3", "--overwrite");
            file = file.withImage("app:7");
            day.applies("image, the policy is gone", file, 14, "-");
            assertThat(day.userTemplate())
                    .as("no part of the operator is left, lists and maps are as before")
                    .isEqualTo(day.twinTemplate());
        }
        assertThat(audit.in(user.namespace(), "patch", "deployments"))
                .as("what the operator wrote by itself")
                .isEmpty();
    }

    /** The same step by both users. */
    private record Day(Keyboard user, Keyboard twin) {
        void applies(String step, WebManifest file, int replicaSets, String sidecar, String... flags) {
            List<String> arguments = new ArrayList<>(List.of("apply", "-f", "-"));
            for (String flag : flags) {
                arguments.addAll(List.of(flag.split(" ", -1)));
            }
            bothPipe(file, arguments.toArray(new String[0]));
            check(step, replicaSets, sidecar);
        }

        void replaces(String step, WebManifest file, int replicaSets, String sidecar) {
            bothPipe(file, "replace", "-f", "-");
            check(step, replicaSets, sidecar);
        }

        void types(String step, int replicaSets, String sidecar, String... arguments) {
            user.types(arguments);
            twin.types(arguments);
            check(step, replicaSets, sidecar);
        }

        JsonNode userTemplate() {
            return user.seesDeployment().at("/spec/template");
        }

        /** Returns what the user's template would be without injection. */
        JsonNode twinTemplate() {
            ObjectNode template = (ObjectNode) twin.seesDeployment().at("/spec/template");
            template.withObject("/metadata/labels").put("agent", "on");
            return template;
        }

        String env(String name) {
            return Json.named(userTemplate().at("/spec/containers/0"), "env", name)
                    .map(env -> env.path("value").asText())
                    .orElse("");
        }

        private void bothPipe(WebManifest file, String... arguments) {
            user.pipes(file.text(), arguments);
            twin.pipes(file.of(false).text(), arguments);
        }

        private void check(String step, int replicaSets, String sidecar) {
            assertThat(twin.countsReplicaSets())
                    .as("%s, without injection", step)
                    .isEqualTo(replicaSets);
            assertThat(user.countsReplicaSets()).as(step).isEqualTo(replicaSets);
            assertThat(Keyboard.sidecar(userTemplate()))
                    .as("%s: revision", step)
                    .isEqualTo(sidecar);
        }
    }
}
