package io.sidecaroperator.cli.command;

import io.fabric8.kubernetes.client.Config;
import io.sidecaroperator.cli.cluster.ClusterApi;
import io.sidecaroperator.cli.cluster.ClusterPolicies;
import io.sidecaroperator.cli.cluster.ClusterReader;
import io.sidecaroperator.cli.cluster.Connection;
import io.sidecaroperator.cli.manifest.ManifestObject;
import io.sidecaroperator.core.explain.Preview;
import io.sidecaroperator.core.explain.WorkloadPreview;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.yaml.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One preview of one cluster. It reads the cluster once, and keeps only what there is to report about each workload.
 */
final class PreviewRun {
    private final Where where;
    private final WorkloadKinds kinds;
    private final List<Document> given;
    private final List<String> warnings = new ArrayList<>();
    private boolean complete = true;

    PreviewRun(Where where, WorkloadKinds kinds, List<Document> given) {
        this.where = where;
        this.kinds = kinds;
        this.given = given;
    }

    /** The cluster, the user, and the part of the cluster to preview. */
    record Where(Connection connection, List<String> namespaces, String operatorNamespace) {}

    /** Returns what could not be read and what is unusual, one line each. */
    List<String> warnings() {
        return warnings;
    }

    /** Whether everything that was asked for could be read. */
    boolean isComplete() {
        return complete;
    }

    /** Reads the cluster and asks the engine about every workload. */
    PreviewResult result() {
        List<ManifestObject> applied = ClusterPolicies.read(given, warnings);
        Config config = where.connection().config();
        try (ClusterApi api = new ClusterApi(config)) {
            ClusterReader reader = new ClusterReader(api, where.namespaces(), where.operatorNamespace());
            ClusterPolicies all = new ClusterPolicies();
            KubernetesVersion server = api.version();
            boolean installed = reader.policies(all::add);
            all.apply(applied, homeOf(config));
            warnings.addAll(all.warnings());
            if (!installed) {
                warnings.add("the CustomResourceDefinitions of sidecar-operator are not installed: only the policies of"
                        + " -f count");
            }
            if (all.isEmpty()) {
                warnings.add("there is no policy, neither in the cluster nor by -f");
            }
            Map<String, Input.InNamespace> namespaces = reader.namespaces();
            Preview preview = new Preview(all.set(), server, kinds);
            List<WorkloadPreview> found = new ArrayList<>();
            reader.workloads(kinds, (kind, workload) -> {
                Input.InNamespace namespace =
                        namespaces.get(kind.refOf(workload, "").namespace());
                if (namespace != null) {
                    preview.of(kind, workload, namespace)
                            .filter(one -> one.differs() || !one.verdicts().isEmpty())
                            .ifPresent(found::add);
                }
            });
            complete = reader.unread().isEmpty();
            warnings.addAll(reader.unread());
            return new PreviewResult(found);
        }
    }

    /** Returns the namespace of policies in files that do not name one, as kubectl chooses it. */
    private String homeOf(Config config) {
        String own = config.getNamespace();
        return !where.namespaces().isEmpty()
                ? where.namespaces().get(0)
                : own == null || own.isEmpty() ? "default" : own;
    }
}
