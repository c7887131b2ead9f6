package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Receipt.AppPart;
import io.sidecaroperator.engine.Receipt.Entry;
import io.sidecaroperator.engine.Receipt.Part;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.MountPath;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the parts of a policy in a template whose receipt was lost. The proof is a container of the policy's name that
 * has everything the policy renders; only with one such container are volumes, mounts and variables that equal the
 * policy's taken as its own too. A lone equal volume or variable is the user's.
 */
final class Adoption {
    private Adoption() {}

    /** The entry that the lost receipt must have had, or empty when nothing proves that there was one. */
    static Optional<Entry> find(Facts facts, CompiledPolicy policy, Rendering rendering) {
        Set<String> wanted =
                policy.sidecars().stream().map(CompiledPolicy.Sidecar::name).collect(Collectors.toSet());
        boolean namesake = Json.objects(facts.template().path("spec"), "containers")
                        .anyMatch(container -> wanted.contains(Situation.nameOf(container)))
                || Json.objects(facts.template().path("spec"), "initContainers")
                        .anyMatch(container -> wanted.contains(Situation.nameOf(container)));
        if (!namesake) {
            return Optional.empty();
        }
        ObjectNode trial = withoutNamesakes(facts.template(), policy);
        Situation situation = Situation.of(facts.withTemplate(trial), policy, new Claims(), rendering);
        if (!(Rules.decide(situation) instanceof Decision.Inject)) {
            return Optional.empty();
        }
        return proven(facts.template(), Planner.plan(situation));
    }

    private static Optional<Entry> proven(ObjectNode live, Plan plan) {
        Map<Part, Map<String, String>> parts = new EnumMap<>(Part.class);
        for (Edit edit : plan.edits()) {
            if (edit instanceof Edit.AddContainer add) {
                Part part = add.list() == Edit.ContainerList.CONTAINERS ? Part.CONTAINERS : Part.INIT_CONTAINERS;
                keepIfEqual(live, plan, parts, part, add.container());
            } else if (edit instanceof Edit.AddVolume add) {
                keepIfEqual(live, plan, parts, Part.VOLUMES, add.volume());
            }
        }
        if (!isProof(live, plan, parts)) {
            return Optional.empty();
        }
        Map<String, AppPart> apps = new LinkedHashMap<>();
        plan.receipt()
                .apps()
                .forEach((name, app) ->
                        apps.put(name, new AppPart(app.mounts(), app.env(), app.envFrom(), Map.of(), Map.of())));
        return Optional.of(new Entry(
                plan.receipt().revision(),
                plan.receipt().engine(),
                plan.receipt().toPods(),
                parts,
                apps,
                Map.of(),
                List.of(),
                Optional.empty(),
                Map.of()));
    }

    /** At least one container is there and equal, and none of the policy's names is there with something else in it. */
    private static boolean isProof(ObjectNode live, Plan plan, Map<Part, Map<String, String>> parts) {
        Set<String> ours = new Receipt(Map.of(plan.policy(), plan.receipt())).containerNames();
        for (Part part : List.of(Part.CONTAINERS, Part.INIT_CONTAINERS)) {
            Set<String> equal = parts.getOrDefault(part, Map.of()).keySet();
            boolean another = Json.objects(live.path("spec"), part.key())
                    .map(Situation::nameOf)
                    .anyMatch(name -> ours.contains(name) && !equal.contains(name));
            if (another) {
                return false;
            }
        }
        return parts.containsKey(Part.CONTAINERS) || parts.containsKey(Part.INIT_CONTAINERS);
    }

    private static void keepIfEqual(
            ObjectNode live, Plan plan, Map<Part, Map<String, String>> parts, Part part, ObjectNode rendered) {
        String name = Situation.nameOf(rendered);
        Json.named(live.path("spec"), part.key(), name)
                .filter(found -> ServerForm.covers(part.key(), found, rendered))
                .ifPresent(found -> parts.computeIfAbsent(part, key -> new LinkedHashMap<>())
                        .put(name, plan.receipt().names(part).getOrDefault(name, "")));
    }

    /** The template as it would be if everything of the policy's names were the policy's. */
    private static ObjectNode withoutNamesakes(ObjectNode template, CompiledPolicy policy) {
        ObjectNode copy = template.deepCopy();
        ObjectNode spec = Json.objectAt(copy, "spec");
        if (spec == null) {
            return copy;
        }
        Set<String> containers =
                policy.sidecars().stream().map(CompiledPolicy.Sidecar::name).collect(Collectors.toSet());
        remove(spec, "containers", item -> containers.contains(Situation.nameOf(item)));
        remove(spec, "initContainers", item -> containers.contains(Situation.nameOf(item)));
        Map<String, MountPath> shared = policy.sharedVolumes().stream()
                .collect(Collectors.toMap(
                        CompiledPolicy.SharedVolume::name, CompiledPolicy.SharedVolume::path, (one, other) -> one));
        Set<String> volumes = policy.volumes().stream().map(Situation::nameOf).collect(Collectors.toSet());
        remove(
                spec,
                "volumes",
                item -> shared.containsKey(Situation.nameOf(item)) || volumes.contains(Situation.nameOf(item)));
        for (Edit.ContainerList list : Edit.ContainerList.values()) {
            Json.objects(spec, list.key()).forEach(app -> {
                remove(
                        app,
                        "volumeMounts",
                        mount -> SharedMount.pathOf(mount).equals(shared.get(Situation.nameOf(mount))));
                removeEqual(app, "volumeMounts", policy.appContainers().volumeMounts());
                removeEqual(app, "env", Situation.wantedEnv(policy));
                removeEqual(app, "envFrom", policy.appContainers().envFrom());
            });
        }
        return copy;
    }

    private static void removeEqual(ObjectNode app, String key, List<ObjectNode> rendered) {
        Set<String> hashes =
                rendered.stream().map(item -> ServerForm.hash(key, item)).collect(Collectors.toSet());
        remove(app, key, item -> hashes.contains(ServerForm.hash(key, item)));
    }

    private static void remove(ObjectNode parent, String key, Predicate<ObjectNode> which) {
        ArrayNode array = Json.arrayAt(parent, key);
        if (array != null) {
            array.removeIf(item -> item instanceof ObjectNode object && which.test(object));
        }
    }
}
