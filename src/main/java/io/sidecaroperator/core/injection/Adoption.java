package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.MountPath;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.receipt.AddedPart;
import io.sidecaroperator.core.receipt.Normalizer;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.receipt.Receipt.Added;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the parts of a policy in a template that has lost its receipt. The proof is a container of the policy's name
 * that has everything the policy renders. Only with such a container do equal volumes, mounts, variables and host
 * aliases count as the policy's too. An equal volume or variable alone is the user's.
 */
final class Adoption {
    private Adoption() {}

    /** Returns the entry that the lost receipt must have had; empty without a proof that it existed. */
    static Optional<Entry> find(Input input, CompiledPolicy policy, RendererVersion renderer) {
        Set<String> wanted =
                policy.sidecars().stream().map(CompiledPolicy.Sidecar::name).collect(Collectors.toSet());
        boolean namesake = Json.objects(input.template().path("spec"), "containers")
                        .anyMatch(container -> wanted.contains(Json.nameOf(container)))
                || Json.objects(input.template().path("spec"), "initContainers")
                        .anyMatch(container -> wanted.contains(Json.nameOf(container)));
        if (!namesake) {
            return Optional.empty();
        }
        ObjectNode trial = withoutNamesakes(input.template(), policy);
        PolicyContext context = PolicyContext.of(input.withTemplate(trial), policy, new FieldOwners(), renderer);
        if (!(Rules.decide(context) instanceof Decision.Inject)) {
            return Optional.empty();
        }
        return proven(input.template(), Planner.plan(context));
    }

    private static Optional<Entry> proven(ObjectNode live, Plan plan) {
        Map<Place, List<AddedPart>> parts = new EnumMap<>(Place.class);
        Place.WHOLE.forEach(place -> parts.put(place, equal(live, plan, place)));
        if (!isProof(live, plan, parts)) {
            return Optional.empty();
        }
        Entry rendered = plan.receipt();
        rendered.pod().only(Adoption::isTaken).parts().forEach(parts::put);
        Map<String, Added> apps = new LinkedHashMap<>();
        rendered.apps()
                .forEach((name, app) ->
                        apps.put(name, new Added(app.only(Adoption::isTaken).parts(), Map.of())));
        return Optional.of(new Entry(
                rendered.revision(),
                rendered.engine(),
                rendered.toPods(),
                new Added(parts, Map.of()),
                apps,
                Optional.empty()));
    }

    /** The whole parts of a place that the live template has as the plan renders them. */
    private static List<AddedPart> equal(ObjectNode live, Plan plan, Place place) {
        return plan.edits().stream()
                .filter(edit -> edit.place() == place)
                .filter(edit -> Json.named(live.path("spec"), place.key(), edit.key())
                        .filter(found -> Normalizer.covers(place.key(), found, edit.value()))
                        .isPresent())
                .map(edit -> place.part(edit.key(), edit.value()))
                .toList();
    }

    /** Whether at least one container is there and equal, and no container of the policy's names has other content. */
    private static boolean isProof(ObjectNode live, Plan plan, Map<Place, List<AddedPart>> parts) {
        Set<String> ours = new Receipt(Map.of(plan.policy(), plan.receipt())).containerNames();
        boolean any = false;
        for (Place list : Place.CONTAINER_LISTS) {
            Set<String> equal = parts.getOrDefault(list, List.of()).stream()
                    .map(AddedPart::key)
                    .collect(Collectors.toSet());
            boolean another = Json.objects(live.path("spec"), list.key())
                    .map(Json::nameOf)
                    .anyMatch(name -> ours.contains(name) && !equal.contains(name));
            if (another) {
                return false;
            }
            any |= !equal.isEmpty();
        }
        return any;
    }

    /** Whether elements inside the user's part count as the policy's when they equal the policy's. */
    private static boolean isTaken(Place place) {
        return switch (place) {
            case MOUNTS, ENV, ENV_FROM, HOST_ALIASES -> true;
            case CONTAINERS, INIT_CONTAINERS, VOLUMES -> false; // Names prove these.
            case DEFAULTS, LABELS, ANNOTATIONS, PULL_SECRETS, GRACE_PERIOD -> false; // The user may have set the same.
        };
    }

    /** Returns the template without everything that has one of the policy's names. */
    private static ObjectNode withoutNamesakes(ObjectNode template, CompiledPolicy policy) {
        ObjectNode copy = template.deepCopy();
        ObjectNode spec = Json.objectAt(copy, "spec");
        if (spec == null) {
            return copy;
        }
        Set<String> containers =
                policy.sidecars().stream().map(CompiledPolicy.Sidecar::name).collect(Collectors.toSet());
        remove(spec, "containers", item -> containers.contains(Json.nameOf(item)));
        remove(spec, "initContainers", item -> containers.contains(Json.nameOf(item)));
        Map<String, MountPath> shared = policy.sharedVolumes().stream()
                .collect(Collectors.toMap(
                        CompiledPolicy.SharedVolume::name, CompiledPolicy.SharedVolume::path, (one, other) -> one));
        Set<String> volumes = policy.volumes().stream().map(Json::nameOf).collect(Collectors.toSet());
        remove(spec, "volumes", item -> shared.containsKey(Json.nameOf(item)) || volumes.contains(Json.nameOf(item)));
        removeEqual(spec, "hostAliases", policy.pod().hostAliases());
        for (Place list : Place.CONTAINER_LISTS) {
            Json.objects(spec, list.key()).forEach(app -> {
                remove(app, "volumeMounts", mount -> MountPath.ofMount(mount).equals(shared.get(Json.nameOf(mount))));
                removeEqual(app, "volumeMounts", policy.appContainers().volumeMounts());
                removeEqual(app, "env", PolicyContext.wantedEnv(policy));
                removeEqual(app, "envFrom", policy.appContainers().envFrom());
            });
        }
        return copy;
    }

    private static void removeEqual(ObjectNode app, String key, List<ObjectNode> rendered) {
        Set<String> hashes =
                rendered.stream().map(item -> Normalizer.hash(key, item)).collect(Collectors.toSet());
        remove(app, key, item -> hashes.contains(Normalizer.hash(key, item)));
    }

    private static void remove(ObjectNode parent, String key, Predicate<ObjectNode> which) {
        ArrayNode array = Json.arrayAt(parent, key);
        if (array != null) {
            array.removeIf(item -> item instanceof ObjectNode object && which.test(object));
        }
    }
}
