package io.sidecaroperator.core.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every line of the table; the outcomes are those of the real engine. */
class SyncStateChoiceTest {
    private static final CompiledPolicy LOGS = policy("");
    private static final CompiledPolicy AUDITED = policy("\"mode\": \"Audit\", ");
    private static final ObjectNode PLAIN = template("web", "");
    private static final ObjectNode INJECTED = inject(PLAIN, LOGS).template();

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "to be injected      | done     | INJECTED |                  | carried",
                "to be injected      | pending  | OUTDATED |                  |",
                "to be injected      | rejected | REFUSED  | RejectedByServer |",
                "injected            | done     | INJECTED |                  | carried",
                "injected            | besides  | INJECTED |                  | carried",
                "injected            | rejected | REFUSED  | RejectedByServer | carried",
                "audited             | done     | OUTDATED | Audited          |",
                "audited             | besides  | OUTDATED | Audited          |",
                "in conflict         | done     | REFUSED  | ContainerNameTaken |",
                "in conflict         | rejected | REFUSED  | ContainerNameTaken |",
                "gone without a word | done     | ORPHANED | Orphaned         | carried",
                "left to the user    | pending  | ORPHANED | LeftToUser       | carried",
                "left to the user    | done     | ORPHANED | LeftToUser       |",
                "audited, unselected | done     | ORPHANED | NotSelected      | carried",
                "opted out           | done     | SKIPPED  | OptedOut         |",
                "opted out, injected | pending  | SKIPPED  | OptedOut         | carried",
                "unselected          | pending  | LEAVING  |                  | carried",
                "unselected          | rejected | LEAVING  | RejectedByServer | carried",
                "unselected          | done     | none     |                  |",
                "deleted             | pending  | LEAVING  |                  | carried",
                "deleted             | done     | none     |                  |",
            })
    void theFirstLineThatFitsGivesTheStanding(
            String context, String write, String syncState, String reason, String retained) {
        Injection injection = injection(context);

        String found = injection.outcomes().stream()
                .filter(outcome -> outcome.policy().equals(LOGS.key()))
                .flatMap(outcome -> SyncStateChoice.of(outcome, injection, write(write)).stream())
                .map(one -> one.syncState() + " "
                        + one.reason().map(Reason::name).orElse("null") + " " + (one.kept() ? "carried" : "null"))
                .findFirst()
                .orElse("none null null");

        assertThat(found).isEqualTo(syncState + " " + reason + " " + retained);
    }

    private static Injection injection(String context) {
        return switch (context) {
            case "to be injected" -> inject(PLAIN, LOGS);
            case "injected" -> inject(INJECTED, LOGS);
            case "audited" -> inject(PLAIN, AUDITED);
            case "in conflict" -> inject(taken(), LOGS);
            case "gone without a word" -> inject(INJECTED, PolicyIndex.EMPTY);
            case "left to the user" -> inject(INJECTED, terminating(Set.of(), Set.of(LOGS)));
            case "audited, unselected" -> inject(labelled(INJECTED, "app", "other"), AUDITED);
            case "opted out" -> inject(labelled(PLAIN, "sidecar-operator.io/inject", "false"), LOGS);
            case "opted out, injected" -> inject(labelled(INJECTED, "sidecar-operator.io/inject", "false"), LOGS);
            case "unselected" -> inject(labelled(INJECTED, "app", "other"), LOGS);
            case "deleted" -> inject(INJECTED, terminating(Set.of(LOGS), Set.of()));
            default -> throw new IllegalArgumentException(context);
        };
    }

    private static WriteResult write(String name) {
        return switch (name) {
            case "done" -> new WriteResult.Done();
            case "pending" -> new WriteResult.Postponed("down", true);
            case "besides" -> new WriteResult.Postponed("down", false);
            case "rejected" -> new WriteResult.Rejected(Reason.RejectedByServer, "no");
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static PolicyIndex terminating(Set<CompiledPolicy> removed, Set<CompiledPolicy> orphaned) {
        return PolicyIndex.of(
                List.of(),
                new PolicyIndex.Terminating(
                        Set.copyOf(removed.stream().map(CompiledPolicy::key).toList()),
                        Set.copyOf(orphaned.stream().map(CompiledPolicy::key).toList())));
    }

    private static Injection inject(ObjectNode template, CompiledPolicy policy) {
        return inject(template, PolicyIndex.of(List.of(policy)));
    }

    private static Injection inject(ObjectNode template, PolicyIndex index) {
        WorkloadRef ref = new WorkloadRef("apps", "Deployment", "shop", "web");
        return Engine.CURRENT.inject(
                Input.ofTemplate(
                        ref, Input.InNamespace.PLAIN, template, KubernetesVersion.NEWEST, Trigger.Resync.FREELY),
                index);
    }

    private static ObjectNode taken() {
        return template("web", ", {\"name\": \"collector\", \"image\": \"mine:1\"}");
    }

    private static ObjectNode labelled(ObjectNode template, String label, String value) {
        ObjectNode other = template.deepCopy();
        other.withObject("/metadata/labels").put(label, value);
        return other;
    }

    private static ObjectNode template(String app, String more) {
        return (ObjectNode) Json.parse("""
                {"metadata": {"labels": {"app": "%s"}},
                 "spec": {"containers": [{"name": "app", "image": "web:1"}%s]}}""".formatted(app, more));
    }

    private static CompiledPolicy policy(String more) {
        return PolicyCompiler.compile((ObjectNode) Json.parse("""
                {"apiVersion": "sidecar-operator.io/v1alpha1", "kind": "SidecarPolicy",
                 "metadata": {"name": "logs", "namespace": "shop"},
                 "spec": {%s"selector": {"matchLabels": {"app": "web"}},
                          "sidecars": [{"name": "collector", "image": "collector:1"}]}}""".formatted(more)));
    }
}
