package io.sidecaroperator.core.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.LabelSelector;
import io.sidecaroperator.core.json.MountPath;
import io.sidecaroperator.core.json.NamePattern;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy that is compiled once per change. Every tree in it is canonical, and is handed out only as a copy.
 *
 * @param revision hash of the injectable part
 * @param state how the policy wants to reach its workloads, and its progress
 * @param toPods whether pods are changed instead of their templates ({@code injection: Pod})
 * @param priority higher first, inside a scope
 * @param hostNetwork whether pods on the host's network are injected too
 * @param overrides the parts of the sidecars that a workload may change for itself
 */
public record CompiledPolicy(
        PolicyKey key,
        String revision,
        PolicyState state,
        boolean toPods,
        int priority,
        Target target,
        boolean hostNetwork,
        List<SharedVolume> sharedVolumes,
        List<ObjectNode> volumes,
        List<Sidecar> sidecars,
        AppContainers appContainers,
        PodAdditions pod,
        Set<Overridable> overrides) {

    public CompiledPolicy {
        sharedVolumes = List.copyOf(sharedVolumes);
        volumes = List.copyOf(volumes);
        sidecars = List.copyOf(sidecars);
        overrides = Set.copyOf(overrides);
    }

    /** The same policy with other progress: the only part of it that is not in its spec. */
    public CompiledPolicy withProgress(Optional<String> proven, Optional<String> failed) {
        return new CompiledPolicy(
                key,
                revision,
                state.withProgress(proven, failed),
                toPods,
                priority,
                target,
                hostNetwork,
                sharedVolumes,
                volumes,
                sidecars,
                appContainers,
                pod,
                overrides);
    }

    /** Whether the revision that it injects now has failed. */
    public boolean hasFailed() {
        return state.failed().equals(Optional.of(revision));
    }

    /** Whether the policy may reach this namespace, whatever the names of its workloads are. */
    public boolean reaches(String namespace, Map<String, String> labels) {
        return key.namespace().isEmpty()
                ? target.namespaceSelector().matches(labels)
                : key.namespace().equals(namespace);
    }

    /**
     * The workloads that the policy selects. An empty set or list of patterns selects all.
     *
     * @param namespaceSelector over the labels of namespaces; only a cluster policy has one
     */
    public record Target(
            LabelSelector namespaceSelector, LabelSelector selector, Set<String> kinds, List<NamePattern> names) {
        public Target {
            kinds = Set.copyOf(kinds);
            names = List.copyOf(names);
        }

        /** Whether the policy selects this workload with these template labels. */
        public boolean includes(WorkloadRef ref, Map<String, String> labels) {
            return (kinds.isEmpty() || kinds.contains(ref.kind()))
                    && (names.isEmpty() || names.stream().anyMatch(pattern -> pattern.matches(ref.name())))
                    && selector.matches(labels);
        }
    }

    /** A volume that the app containers and every sidecar mount at one path. {@code volume} is its core/v1 form. */
    public record SharedVolume(
            String name, MountPath path, @Nullable String envVar, boolean sidecarReadOnly, ObjectNode volume) {}

    /** When a sidecar runs, relative to the app. */
    public enum SidecarType {
        /** Init container with {@code restartPolicy: Always} (KEP-753). */
        Native,
        /** Beside the app, started with it. */
        Container,
        /** Once, before the app. */
        Init
    }

    /** A sidecar; {@code type} is null where the policy leaves the choice to the server's version. */
    public record Sidecar(
            String name, @Nullable SidecarType type, Optional<Placement> placement, ObjectNode container) {}

    /** Where a sidecar goes among the user's containers of its list. */
    public sealed interface Placement {
        /** Before all of them. */
        record First() implements Placement {}

        /** After all of them. */
        record Last() implements Placement {}

        /** Just before the named one. */
        record Before(String name) implements Placement {}

        /** Just after the named one. */
        record After(String name) implements Placement {}
    }

    /** The app containers that the policy selects, and what they get. */
    public record AppContainers(
            List<NamePattern> include,
            List<NamePattern> exclude,
            boolean initContainers,
            List<ObjectNode> env,
            List<ObjectNode> envFrom,
            List<ObjectNode> volumeMounts,
            Map<Edit.DefaultField, ObjectNode> defaults) {
        public AppContainers {
            include = List.copyOf(include);
            exclude = List.copyOf(exclude);
            env = List.copyOf(env);
            envFrom = List.copyOf(envFrom);
            volumeMounts = List.copyOf(volumeMounts);
            defaults = Map.copyOf(defaults);
        }

        /** Whether the policy selects an app container of this name. */
        public boolean selects(String name) {
            return (include.isEmpty() || include.stream().anyMatch(pattern -> pattern.matches(name)))
                    && exclude.stream().noneMatch(pattern -> pattern.matches(name));
        }
    }

    /** What the pod as a whole gets. */
    public record PodAdditions(
            Map<String, String> labels,
            Map<String, String> annotations,
            List<String> pullSecrets,
            List<ObjectNode> hostAliases,
            OptionalLong gracePeriod) {
        public PodAdditions {
            pullSecrets = List.copyOf(pullSecrets);
            hostAliases = List.copyOf(hostAliases);
        }

        /** The labels or the annotations. */
        public Map<String, String> metadata(Place map) {
            return map == Place.LABELS ? labels : annotations;
        }
    }
}
