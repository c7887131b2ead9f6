package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cli.cluster.ClusterWriter.Outcome;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Removes an operator's work from a cluster in which it no longer runs: first what would inject again, then the
 * sidecars, and last the finalizers that waited for that. Each part can be repeated.
 */
public final class Uninstall {
    private static final int TRIES = 5;

    private final ClusterApi api;
    private final UninstallScope scope;
    private final Clock clock;
    private final ClusterWriter writer;

    public Uninstall(ClusterApi api, UninstallScope scope, Clock clock) {
        this.api = api;
        this.scope = scope;
        this.clock = clock;
        this.writer = new ClusterWriter(api);
    }

    /** Receives each step. */
    public interface Listener {
        /** Reports a step that is done. */
        void step(String what);

        /** Reports a workload with its number and the total, and why its change was refused; empty when it was not. */
        void workload(WorkloadStrip workload, int number, int of, Optional<String> refusal);
    }

    /**
     * The result.
     *
     * @param refused what is not done, and why, one line each
     */
    public record Result(int workloads, int pods, List<String> refused) {
        public Result {
            refused = List.copyOf(refused);
        }
    }

    /** Returns what there is to do. It only reads. */
    public UninstallPlan plan() {
        return new UninstallPlanner(api, scope).plan();
    }

    /** Returns the named namespaces that do not exist. One that this user may not get counts as existing. */
    public List<String> unknownNamespaces() {
        return scope.namespaces().stream().filter(this::isUnknown).toList();
    }

    private boolean isUnknown(String namespace) {
        try {
            return api.get("/api/v1/namespaces/" + namespace).isEmpty();
        } catch (ClusterApi.ForbiddenException e) {
            return false;
        }
    }

    /** Returns why the work may not begin yet: an operator runs. One line each. */
    public List<String> obstacles() {
        List<String> signs = new ArrayList<>();
        for (OperatorInstallation one : installations()) {
            one.heartbeat(api, clock).ifPresent(sign -> signs.add("an operator runs: " + sign + "; " + one.remedy()));
        }
        return signs;
    }

    /** Stops every operator that runs, and returns when all have ended. */
    public void stopOperator() {
        installations().forEach(one -> one.stop(api, clock));
    }

    /** Returns what this user may not do of the plan, as far as the API server answers, one line each. */
    public List<String> missingRights(UninstallPlan plan, boolean deletePolicies) {
        return new Rights(writer).missing(plan, deletePolicies);
    }

    /**
     * Carries out the plan. What the API server refuses stays as it is, and so do the finalizers of the policies whose
     * parts remain.
     *
     * @param shown the plan that the user has agreed to
     * @param deletePolicies whether to delete policies, too
     */
    public Result run(UninstallPlan shown, boolean deletePolicies, Listener progress) {
        List<String> refused = new ArrayList<>();
        deleteWebhooks(shown.webhooks(), refused, progress);
        if (!refused.isEmpty()) {
            return new Result(0, 0, refused);
        }
        // Read again: only from now on, admission puts nothing back.
        UninstallPlan plan = plan();
        Set<PolicyKey> remaining = new HashSet<>();
        List<WorkloadStrip> changes = plan.changes();
        int done = 0;
        int pods = 0;
        for (int i = 0; i < changes.size(); i++) {
            WorkloadStrip change = changes.get(i);
            Optional<String> refusal = strip(change, terminating(plan));
            progress.workload(change, i + 1, changes.size(), refusal);
            if (refusal.isPresent()) {
                refused.add(change.ref() + ": " + refusal.get());
                remaining.addAll(change.policies());
            } else {
                done++;
                pods += change.pods();
            }
        }
        for (UninstallPlan.Policy policy : plan.policies()) {
            if (remaining.contains(policy.key())) {
                refused.add(policy + ": keeps its finalizer, for what it added is not out everywhere");
            } else {
                release(policy, deletePolicies)
                        .ifPresentOrElse(
                                refusal -> refused.add(policy + ": " + refusal),
                                () -> tell(policy, deletePolicies, progress));
            }
        }
        deleteLeases(plan.leases(), refused, progress);
        return new Result(done, pods, refused);
    }

    private static void tell(UninstallPlan.Policy policy, boolean deletePolicies, Listener progress) {
        if (deletePolicies) {
            progress.step(policy + ": deleted");
        } else if (!policy.marks().isEmpty()) {
            progress.step(policy + ": took off its " + policy.marks());
        }
    }

    /** They go last, and only when all is done: a lease is where the next try looks for a running operator. */
    private void deleteLeases(List<UninstallPlan.Lease> leases, List<String> refused, Listener progress) {
        if (!refused.isEmpty()) {
            return;
        }
        for (UninstallPlan.Lease lease : leases) {
            String path = OperatorInstallation.leasePath(lease.namespace(), lease.name());
            delete(lease.toString(), path, lease.uid(), "made", refused, progress);
        }
    }

    private void deleteWebhooks(List<UninstallPlan.Webhook> webhooks, List<String> refused, Listener progress) {
        for (UninstallPlan.Webhook webhook : webhooks) {
            String path = UninstallPlanner.WEBHOOKS + "/" + webhook.name();
            String what = "MutatingWebhookConfiguration " + webhook.name();
            delete(what, path, webhook.uid(), "registered", refused, progress);
        }
    }

    /** Deletes what only an operator that runs would create again. */
    private void delete(String what, String path, String uid, String done, List<String> refused, Listener progress) {
        Outcome outcome = writer.delete(path, uid);
        if (outcome instanceof Outcome.Refused no) {
            refused.add(what + ": " + no.message());
        } else if (outcome instanceof Outcome.Conflict) {
            refused.add(what + ": somebody has " + done + " it again: an operator runs");
        } else {
            progress.step(what + ": deleted");
        }
    }

    private static Set<PolicyKey> terminating(UninstallPlan plan) {
        Set<PolicyKey> terminating = new LinkedHashSet<>();
        plan.policies().stream().filter(UninstallPlan.Policy::leaves).forEach(policy -> terminating.add(policy.key()));
        return terminating;
    }

    /** Changes a workload. Returns why it was not changed; empty when it was. */
    private Optional<String> strip(WorkloadStrip change, Set<PolicyKey> terminating) {
        String path = change.place().path(change.ref());
        return insist(
                        path,
                        "",
                        change.version(),
                        change.operations(),
                        live -> WorkloadStrip.of(change.place(), live, terminating, scope.kinds())
                                .map(WorkloadStrip::operations)
                                .orElseGet(Json::array))
                .refusal();
    }

    /**
     * Removes the status, which nobody keeps true any more, and only the operator's finalizer. Then deletes the policy
     * if requested.
     */
    private Optional<String> release(UninstallPlan.Policy policy, boolean delete) {
        Attempt status =
                insist(policy.path(), "/status", policy.version(), policy.status(), UninstallPlanner::withoutStatus);
        Optional<String> refusal = status.refusal()
                .or(() -> insist(
                                policy.path(),
                                "",
                                status.version(),
                                policy.operations(),
                                UninstallPlanner::withoutFinalizer)
                        .refusal());
        if (refusal.isPresent() || !delete) {
            return refusal;
        }
        return writer.delete(policy.path(), policy.uid()) instanceof Outcome.Refused no
                ? Optional.of(no.message())
                : Optional.empty();
    }

    /**
     * The result of a patch.
     *
     * @param version the version of the object after it
     * @param refusal why it was not made; empty when it was
     */
    private record Attempt(String version, Optional<String> refusal) {}

    /** Patches what was read. If another writer was faster, reads again and computes a new patch. */
    private Attempt insist(
            String path,
            String subresource,
            String version,
            ArrayNode operations,
            Function<ObjectNode, ArrayNode> again) {
        String seen = version;
        ArrayNode patch = operations;
        for (int i = 0; i < TRIES && !patch.isEmpty(); i++) {
            Outcome outcome = writer.patch(path + subresource, seen, patch);
            if (outcome instanceof Outcome.Refused no) {
                return new Attempt(seen, Optional.of(no.message()));
            } else if (outcome instanceof Outcome.Applied applied) {
                return new Attempt(versionOf(applied.answer()), Optional.empty());
            }
            Optional<ObjectNode> live = outcome instanceof Outcome.Conflict ? live(path) : Optional.empty();
            if (live.isEmpty()) {
                return new Attempt(seen, Optional.empty());
            }
            seen = versionOf(live.get());
            patch = again.apply(live.get());
        }
        return new Attempt(seen, patch.isEmpty() ? Optional.empty() : Optional.of("it keeps changing; try again"));
    }

    private static String versionOf(JsonNode object) {
        return String.valueOf(Json.textAt(object.path("metadata"), "resourceVersion"));
    }

    private Optional<ObjectNode> live(String path) {
        try {
            return api.get(path).map(ObjectNode.class::cast);
        } catch (ClusterApi.ForbiddenException e) {
            throw new InputException("may not get " + path);
        }
    }

    private Set<OperatorInstallation> installations() {
        return new UninstallPlanner(api, scope).installations();
    }
}
