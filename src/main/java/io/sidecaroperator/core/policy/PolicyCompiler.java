package io.sidecaroperator.core.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.LabelSelector;
import io.sidecaroperator.core.json.MountPath;
import io.sidecaroperator.core.json.NamePattern;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy.AppContainers;
import io.sidecaroperator.core.policy.CompiledPolicy.Placement;
import io.sidecaroperator.core.policy.CompiledPolicy.PodAdditions;
import io.sidecaroperator.core.policy.CompiledPolicy.SharedVolume;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import io.sidecaroperator.core.policy.CompiledPolicy.SidecarType;
import io.sidecaroperator.core.policy.CompiledPolicy.Target;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.GracePeriod;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compiles a policy object for the engine. */
public final class PolicyCompiler {
    private static final int REVISION_DIGITS = 10;

    /** The part of the spec that a revision consists of: it changes what is injected. */
    private static final List<String> INJECTABLE = List.of(
            "sharedVolumes",
            "volumes",
            "sidecars",
            "appContainers",
            "podMetadata",
            "imagePullSecrets",
            "hostAliases",
            "terminationGracePeriodSeconds",
            "overrides",
            "injection");

    private PolicyCompiler() {}

    /**
     * Compiles a whole policy object (apiVersion, kind, metadata, spec) that validation has found valid.
     *
     * @throws IllegalArgumentException with a sentence for a person when it is not a policy after all
     */
    public static CompiledPolicy compile(ObjectNode policy) {
        PolicyKey key = keyOf(policy);
        ObjectNode spec = Json.objectAt(policy, "spec");
        if (spec == null) {
            throw new IllegalArgumentException("policy " + key + ": spec is missing");
        }
        return new CompiledPolicy(
                key,
                revision(spec),
                state(spec, policy.path("status")),
                "Pod".equals(Json.textAt(spec, "injection")),
                spec.path("priority").asInt(0),
                target(spec),
                "Inject".equals(Json.textAt(spec, "hostNetwork")),
                Json.objects(spec, "sharedVolumes")
                        .map(PolicyCompiler::sharedVolume)
                        .toList(),
                Json.objects(spec, "volumes").map(Canonical::of).toList(),
                Json.objects(spec, "sidecars").map(PolicyCompiler::sidecar).toList(),
                appContainers(spec.path("appContainers")),
                podAdditions(spec),
                texts(spec.path("overrides").get("allow")).stream()
                        .flatMap(part -> Overridable.of(part).stream())
                        .collect(Collectors.toSet()));
    }

    /** The key of a policy object: a ClusterSidecarPolicy has no namespace. */
    public static PolicyKey keyOf(ObjectNode policy) {
        JsonNode metadata = policy.path("metadata");
        String name = Json.textAt(metadata, "name");
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("the policy has no metadata.name");
        }
        String namespace = Json.textAt(metadata, "namespace");
        boolean cluster = "ClusterSidecarPolicy".equals(Json.textAt(policy, "kind"));
        if (!cluster && (namespace == null || namespace.isEmpty())) {
            throw new IllegalArgumentException("policy " + name + ": metadata.namespace is missing");
        }
        return new PolicyKey(cluster || namespace == null ? "" : namespace, name);
    }

    /** The part of a spec that a revision consists of, as the spec has it. */
    public static ObjectNode injectable(ObjectNode spec) {
        ObjectNode injectable = Json.object();
        for (String field : INJECTABLE) {
            JsonNode value = spec.get(field);
            if (value != null) {
                injectable.set(field, value);
            }
        }
        return injectable;
    }

    /**
     * Returns the policy object with the injectable part of another spec. Its selectors and its progress stay its own.
     */
    public static ObjectNode withInjectable(ObjectNode policy, ObjectNode other) {
        ObjectNode copy = policy.deepCopy();
        ObjectNode spec = copy.withObject("/spec");
        spec.remove(INJECTABLE);
        spec.setAll(injectable(other));
        return copy;
    }

    /** The revision of a spec: the same for every way of writing the same injectable part. */
    public static String revision(ObjectNode spec) {
        return Canonical.hash(injectable(spec), REVISION_DIGITS);
    }

    private static PolicyState state(ObjectNode spec, JsonNode status) {
        JsonNode rollout = spec.path("rollout");
        return new PolicyState(
                "Audit".equals(Json.textAt(spec, "mode")),
                rollout.path("paused").asBoolean(false),
                "OnNextRollout".equals(Json.textAt(rollout, "strategy")),
                Optional.ofNullable(Json.textAt(status, "provenRevision")),
                Optional.ofNullable(Json.textAt(status, "failedRevision")));
    }

    private static Target target(ObjectNode spec) {
        JsonNode workloads = spec.path("workloads");
        return new Target(
                LabelSelector.of(spec.get("namespaceSelector")),
                LabelSelector.of(spec.get("selector")),
                new HashSet<>(texts(workloads.get("kinds"))),
                patterns(workloads.get("names")));
    }

    private static SharedVolume sharedVolume(ObjectNode node) {
        ObjectNode volume = Canonical.of(node);
        volume.remove(List.of("mountPath", "envVar", "sidecarReadOnly"));
        if (volume.size() == 1) {
            volume.putObject("emptyDir");
        }
        return new SharedVolume(
                required(node, "name"),
                MountPath.of(required(node, "mountPath")),
                Json.textAt(node, "envVar"),
                node.path("sidecarReadOnly").asBoolean(false),
                volume);
    }

    private static Sidecar sidecar(ObjectNode node) {
        ObjectNode container = Canonical.of(node);
        container.remove(List.of("type", "placement"));
        String type = Json.textAt(node, "type");
        return new Sidecar(
                required(node, "name"),
                type == null ? null : SidecarType.valueOf(type),
                placement(node.path("placement")),
                container);
    }

    private static Optional<Placement> placement(JsonNode node) {
        String before = Json.textAt(node, "before");
        String after = Json.textAt(node, "after");
        if (before != null) {
            return Optional.of(new Placement.Before(before));
        }
        if (after != null) {
            return Optional.of(new Placement.After(after));
        }
        return Optional.ofNullable(Json.textAt(node, "position"))
                .map(position -> position.equals("First") ? new Placement.First() : new Placement.Last());
    }

    private static AppContainers appContainers(JsonNode node) {
        Map<Edit.DefaultField, ObjectNode> defaults = new EnumMap<>(Edit.DefaultField.class);
        for (Edit.DefaultField field : Edit.DefaultField.values()) {
            ObjectNode value = Json.objectAt(node.path("defaults"), field.key());
            if (value != null && !value.isEmpty()) {
                defaults.put(field, Canonical.of(value));
            }
        }
        return new AppContainers(
                patterns(node.get("include")),
                patterns(node.get("exclude")),
                node.path("initContainers").asBoolean(false),
                canonical(node, "env"),
                canonical(node, "envFrom"),
                canonical(node, "volumeMounts"),
                defaults);
    }

    private static PodAdditions podAdditions(ObjectNode spec) {
        JsonNode metadata = spec.path("podMetadata");
        return new PodAdditions(
                new TreeMap<>(Json.strings(metadata, "labels")),
                new TreeMap<>(Json.strings(metadata, "annotations")),
                Json.objects(spec, "imagePullSecrets")
                        .flatMap(secret -> Stream.ofNullable(Json.textAt(secret, "name")))
                        .toList(),
                canonical(spec, "hostAliases"),
                spec.path(GracePeriod.KEY).isNumber()
                        ? OptionalLong.of(spec.path(GracePeriod.KEY).longValue())
                        : OptionalLong.empty());
    }

    private static List<ObjectNode> canonical(JsonNode node, String key) {
        return Json.objects(node, key).map(Canonical::of).toList();
    }

    private static List<NamePattern> patterns(@Nullable JsonNode list) {
        return texts(list).stream().map(NamePattern::new).toList();
    }

    private static List<String> texts(@Nullable JsonNode list) {
        return list == null || !list.isArray()
                ? List.of()
                : list.valueStream().map(JsonNode::asText).toList();
    }

    private static String required(ObjectNode node, String key) {
        String value = Json.textAt(node, key);
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing in " + Json.text(node));
        }
        return value;
    }
}
