package io.sidecaroperator.core.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The resources of a pod as the API server counts them, with its own defaults filled in.
 *
 * @param ofPod {@code spec.resources}: the pod's own, which replace the sum of its containers'
 */
record PodResources(List<Container> initContainers, List<Container> containers, Resources ofPod) {
    /** The resources that a pod can have as a whole, apart from huge pages. */
    private static final Set<String> OF_PODS = Set.of("cpu", "memory");

    /** A container's resources. */
    record Container(String where, boolean sidecar, Resources resources) {
        private Container withDefaults(Resources defaults) {
            return new Container(where, sidecar, resources.withDefaults(defaults));
        }
    }

    static PodResources of(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        PodResources stated = new PodResources(
                containers(spec, "initContainers"),
                containers(spec, "containers"),
                Resources.of(spec.path("resources")));
        return new PodResources(stated.initContainers, stated.containers, stated.defaultedOfPod());
    }

    private static List<Container> containers(JsonNode spec, String list) {
        List<Container> containers = new ArrayList<>();
        for (JsonNode container : spec.path(list)) {
            containers.add(new Container(
                    SecuredPod.named("container", container),
                    list.equals("initContainers")
                            && container.path("restartPolicy").asText().equals("Always"),
                    Resources.of(container.path("resources")).withRequestsFromLimits()));
        }
        return List.copyOf(containers);
    }

    /** A pod with limits of its own has requests too: those of its containers, else the limit. */
    private Resources defaultedOfPod() {
        if (ofPod.limits().isEmpty()) {
            return ofPod;
        }
        Map<String, BigDecimal> requested = new TreeMap<>(sum().requests());
        requested.keySet().retainAll(OF_PODS);
        return new Resources(Resources.withMissing(ofPod.requests(), requested), ofPod.limits())
                .withRequestsFromLimits();
    }

    PodResources withDefaults(Resources defaults) {
        return new PodResources(
                initContainers.stream().map(c -> c.withDefaults(defaults)).toList(),
                containers.stream().map(c -> c.withDefaults(defaults)).toList(),
                ofPod);
    }

    /** All containers, those of the app first, as the API server checks them. */
    Stream<Container> all() {
        return Stream.concat(containers.stream(), initContainers.stream());
    }

    /**
     * What the containers need together. App containers and sidecars run at the same time. Each init container runs
     * beside the sidecars before it. The largest of these sums counts.
     */
    Resources sum() {
        Resources running = Resources.NONE;
        for (Container container : containers) {
            running = running.plus(container.resources());
        }
        Resources sidecars = Resources.NONE;
        Resources starting = Resources.NONE;
        for (Container init : initContainers) {
            Resources then = sidecars.plus(init.resources());
            if (init.sidecar()) {
                running = running.plus(init.resources());
                sidecars = then;
            }
            starting = starting.max(then);
        }
        return running.max(starting);
    }

    /** What counts as the pod's need: its own resources where it has some, else those of its containers together. */
    Resources total() {
        Resources sum = sum();
        return new Resources(overridden(sum.requests(), ofPod.requests()), overridden(sum.limits(), ofPod.limits()));
    }

    private static Map<String, BigDecimal> overridden(Map<String, BigDecimal> sum, Map<String, BigDecimal> own) {
        Map<String, BigDecimal> known = new TreeMap<>(own);
        known.keySet().retainAll(OF_PODS);
        return Resources.withMissing(known, sum);
    }
}
