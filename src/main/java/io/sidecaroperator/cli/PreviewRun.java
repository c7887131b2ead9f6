package io.sidecaroperator.cli;

import io.fabric8.kubernetes.client.Config;
import io.sidecaroperator.engine.Facts;
import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.preview.Preview;
import io.sidecaroperator.preview.WorkloadPreview;
import io.sidecaroperator.workload.WorkloadKinds;
import io.sidecaroperator.yaml.Document;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One preview of one cluster: reads it once and keeps of each workload only what there is to tell. */
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

    /** Which cluster, as whom, and which part of it. */
    record Where(
            Map<String, String> environment,
            @Nullable String kubeconfig,
            @Nullable String context,
            List<String> namespaces,
            String operatorNamespace) {

        private Config config() {
            try {
                return Kubeconfig.read(file(), context);
            } catch (InvalidPathException e) {
                throw new InputException("kubeconfig " + e.getInput() + " is no file name");
            } catch (IllegalArgumentException e) {
                throw new InputException(String.valueOf(e.getMessage()));
            }
        }

        private Path file() {
            if (kubeconfig != null) {
                return Path.of(kubeconfig);
            }
            List<String> named =
                    List.of(environment.getOrDefault("KUBECONFIG", "").split(File.pathSeparator, -1)).stream()
                            .filter(one -> !one.isBlank())
                            .toList();
            if (named.size() > 1) {
                throw new InputException("KUBECONFIG names " + named.size()
                        + " files, and they are not merged here; name one with --kubeconfig");
            }
            return named.isEmpty()
                    ? Path.of(environment.getOrDefault("HOME", ""), ".kube", "config")
                    : Path.of(named.get(0));
        }
    }

    /** What could not be read, or is odd, a line each. */
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
        Config config = where.config();
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
            Map<String, Facts.InNamespace> namespaces = reader.namespaces();
            Preview preview = new Preview(all.set(), server, kinds);
            List<WorkloadPreview> found = new ArrayList<>();
            reader.workloads(kinds, (kind, workload) -> {
                Facts.InNamespace namespace =
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

    /** Where policies of files belong that name no namespace, as kubectl sees it. */
    private String homeOf(Config config) {
        String own = config.getNamespace();
        return !where.namespaces().isEmpty()
                ? where.namespaces().get(0)
                : own == null || own.isEmpty() ? "default" : own;
    }
}
