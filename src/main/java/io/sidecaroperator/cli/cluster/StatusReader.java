package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.core.workload.WorkloadName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reads the state of policies from their status, and that of workloads from their annotations. It only gets and lists.
 */
public final class StatusReader {
    private static final Comparator<ObservedPolicy> ORDER = Comparator.comparing(ObservedPolicy::key);

    private final ClusterApi api;
    private final List<String> namespaces;
    private final String operatorNamespace;
    private final WorkloadKinds kinds;
    private final List<String> warnings = new ArrayList<>();

    /**
     * The part of a cluster to read.
     *
     * @param namespaces the only namespaces to read; empty for all
     * @param operatorNamespace the namespace of the operator's lease
     */
    public record Where(List<String> namespaces, String operatorNamespace) {
        public Where {
            namespaces = List.copyOf(namespaces);
        }
    }

    public StatusReader(ClusterApi api, Where where, WorkloadKinds kinds) {
        this.api = api;
        this.namespaces = where.namespaces();
        this.operatorNamespace = where.operatorNamespace();
        this.kinds = kinds;
    }

    /** Returns what could not be read, one line each. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Returns all policies, cluster policies first.
     *
     * @throws InputException when the cluster does not have the policy kinds
     */
    public List<ObservedPolicy> policies() {
        List<ObservedPolicy> policies = new ArrayList<>();
        ClusterReader reader = new ClusterReader(api, namespaces, "");
        if (!reader.policies(policy -> policies.add(ObservedPolicy.of(policy)))) {
            throw new InputException("the CustomResourceDefinitions of sidecar-operator are not installed in this"
                    + " cluster: there is no policy; docs: deploy/helm/sidecar-operator/README.md tells how to install"
                    + " it");
        }
        note(reader);
        policies.sort(ORDER);
        return policies;
    }

    /** Returns one policy; empty when there is no policy of this name. */
    public Optional<ObservedPolicy> policy(PolicyKey key) {
        String kind = key.namespace().isEmpty()
                ? ClusterReader.CLUSTER_POLICIES
                : "namespaces/" + key.namespace() + "/" + ClusterReader.POLICIES;
        return get("/apis/sidecar-operator.io/v1alpha1/" + kind + "/" + key.name())
                .map(policy -> policy.put("kind", key.namespace().isEmpty() ? "ClusterSidecarPolicy" : "SidecarPolicy"))
                .map(ObservedPolicy::of);
    }

    /** Returns the workloads that have an annotation of a policy. */
    public List<ObservedWorkload> workloads() {
        List<ObservedWorkload> workloads = new ArrayList<>();
        ClusterReader reader = new ClusterReader(api, namespaces, "");
        reader.placedWorkloads(
                kinds,
                (place, workload) -> ObservedWorkload.of(place, workload, kinds).ifPresent(workloads::add));
        note(reader);
        return workloads;
    }

    /**
     * Returns why the status of policies may be outdated, one line each: without a running operator, the status is no
     * longer updated. There is no doubt when workloads could not be read or an operator has its lease.
     */
    public List<String> doubts(List<ObservedPolicy> policies, List<ObservedWorkload> workloads, Clock clock) {
        if (!warnings.isEmpty()) {
            return List.of();
        }
        List<String> doubts = policies.stream()
                .filter(policy ->
                        namespaces.isEmpty() || namespaces.contains(policy.key().namespace()))
                .flatMap(policy -> policy.doubt(workloads).stream())
                .toList();
        return doubts.isEmpty()
                        || new OperatorInstallation(operatorNamespace, OperatorInstallation.USUAL_NAME)
                                .isSeenLeading(api, clock)
                ? List.of()
                : doubts;
    }

    /**
     * Returns one workload; empty when it has no annotation of a policy.
     *
     * @throws InputException when there is no such workload
     */
    public Optional<ObservedWorkload> workload(WorkloadName workload, String namespace) {
        WorkloadPlace place = new ClusterReader(api, namespaces, "")
                .place(workload.kind(), kinds)
                .orElseThrow(() -> new InputException(
                        "the API server has no " + workload.kind().kind()));
        ObjectNode found = get(place.collection(namespace) + "/" + workload.name())
                .orElseThrow(() -> new InputException("there is no " + workload + " in namespace " + namespace));
        return ObservedWorkload.of(place, found, kinds);
    }

    private Optional<ObjectNode> get(String path) {
        try {
            return api.get(path).map(ObjectNode.class::cast);
        } catch (ClusterApi.ForbiddenException e) {
            throw new InputException("may not get " + path);
        }
    }

    private void note(ClusterReader reader) {
        for (String line : reader.unread()) {
            if (!warnings.contains(line)) {
                warnings.add(line);
            }
        }
    }
}
