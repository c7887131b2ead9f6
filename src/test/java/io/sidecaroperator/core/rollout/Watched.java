package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.rollout.RolloutHealth.Seen;
import io.sidecaroperator.core.rollout.RolloutHealth.Terms;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A workload that the operator has written to, at second 0, and that is observed at second {@link #at}. Initially it
 * was healthy before, the policy {@code shop/logs} went from {@code old} to {@code new}, and its pods are still being
 * replaced.
 */
final class Watched {
    static final Instant WRITTEN = Instant.parse("2026-01-01T00:00:00Z");
    static final PolicyKey LOGS = new PolicyKey("shop", "logs");

    private final SortedMap<PolicyKey, Change> changes = new TreeMap<>();
    private final Map<PolicyKey, Terms> terms = new HashMap<>();
    private WorkloadKind kind = WorkloadKind.DEPLOYMENT;
    private ObjectNode workload = Json.object();
    private String receipt = "shop/logs@new[tail]";
    private String uid = "u";
    private String template = "hash";
    private boolean completeBefore = true;
    private Optional<Instant> mark = Optional.empty();
    private Optional<List<JsonNode>> pods = Optional.empty();
    private Instant since = WRITTEN;
    private Instant now = WRITTEN;

    Watched() {
        change("shop/logs", "old", "new");
        terms("shop/logs", "new", 0, 600);
        progressing();
    }

    Watched at(long second) {
        now = WRITTEN.plusSeconds(second);
        return this;
    }

    Watched watchedSince(long second) {
        since = WRITTEN.plusSeconds(second);
        return this;
    }

    Watched kind(WorkloadKind other) {
        kind = other;
        return this;
    }

    Watched uid(String other) {
        uid = other;
        return this;
    }

    Watched template(String hash) {
        template = hash;
        return this;
    }

    Watched carrying(String text) {
        receipt = text;
        return this;
    }

    Watched unwellBefore() {
        completeBefore = false;
        return this;
    }

    Watched marked(long second) {
        mark = Optional.of(WRITTEN.plusSeconds(second));
        return this;
    }

    Watched pods(String text) {
        pods = Optional.of(PodText.pods(text));
        return this;
    }

    Watched change(String policy, @Nullable String from, @Nullable String to) {
        changes.put(PolicyKey.parse(policy), new Change(Optional.ofNullable(from), Optional.ofNullable(to), false));
        return this;
    }

    Watched rolledBack(String policy, String from, @Nullable String to) {
        changes.put(PolicyKey.parse(policy), new Change(Optional.of(from), Optional.ofNullable(to), true));
        return this;
    }

    /** The policy's terms, with {@code minReadySeconds} and {@code progressDeadlineSeconds}. */
    Watched terms(String policy, @Nullable String revision, int minReady, int deadline) {
        String spec =
                "{\"rollout\":{\"minReadySeconds\":" + minReady + ",\"progressDeadlineSeconds\":" + deadline + "}}";
        Terms said = new Terms(Optional.ofNullable(revision), RolloutRules.of(Json.parse(spec)), false);
        terms.put(PolicyKey.parse(policy), said);
        return this;
    }

    Watched approved(String policy) {
        terms.computeIfPresent(PolicyKey.parse(policy), (key, said) -> new Terms(said.revision(), said.rules(), true));
        return this;
    }

    Watched absent(String policy) {
        terms.remove(PolicyKey.parse(policy));
        return this;
    }

    Watched progressing() {
        return status("{\"observedGeneration\":1,\"replicas\":2,\"updatedReplicas\":1,\"conditions\":[]}");
    }

    /** A Deployment whose controller reports that it is complete since that second. */
    Watched complete(long second) {
        return status("{\"observedGeneration\":1,\"replicas\":2,\"updatedReplicas\":2,\"conditions\":[{\"type\":"
                + "\"Progressing\",\"status\":\"True\",\"reason\":\"NewReplicaSetAvailable\",\"lastUpdateTime\":\""
                + WRITTEN.plusSeconds(second) + "\"}]}");
    }

    /** A workload of which every pod runs the template, by the counts that all kinds report. */
    Watched completeByCounts() {
        return status("{\"observedGeneration\":1,\"replicas\":2,\"updatedReplicas\":2,\"readyReplicas\":2,"
                + "\"availableReplicas\":2,\"desiredNumberScheduled\":2,\"updatedNumberScheduled\":2,"
                + "\"numberAvailable\":2}");
    }

    Watched status(String json) {
        workload = (ObjectNode) Json.parse("{\"metadata\":{\"uid\":\"u\",\"generation\":1},\"spec\":{\"replicas\":2}}");
        workload.set("status", Json.parse(json));
        return this;
    }

    Watched spec(String key, JsonNode value) {
        workload.withObject("/spec").set(key, value);
        return this;
    }

    LastWrite record() {
        return new LastWrite(uid, WRITTEN, "hash", completeBefore, mark, changes);
    }

    Seen seen() {
        ObjectNode annotated = Json.object();
        annotated.withObject("/metadata/annotations").put(Receipt.ANNOTATION, Json.text(PodText.receipt(receipt)));
        Receipt retained = Engine.receiptOf(annotated).orElseThrow();
        return new Seen(kind, workload, template, retained, pods, since, now);
    }

    SortedMap<PolicyKey, WorkloadRollout> workloadRollouts() {
        return RolloutHealth.of(record(), seen(), key -> Optional.ofNullable(terms.get(key)));
    }

    Optional<Duration> next() {
        return RolloutHealth.next(record(), seen(), key -> Optional.ofNullable(terms.get(key)));
    }

    boolean isMarkNeeded() {
        return RolloutHealth.isMarkNeeded(record(), seen());
    }
}
