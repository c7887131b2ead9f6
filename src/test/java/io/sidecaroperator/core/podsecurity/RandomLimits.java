package io.sidecaroperator.core.podsecurity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.List;
import java.util.Random;

/** Random LimitRanges, and pods whose containers set many, few or no resources. */
final class RandomLimits {
    private static final List<String> RESOURCES = List.of("cpu", "memory");
    private static final List<List<String>> AMOUNTS = List.of(
            List.of("10m", "0.1", "150m", "250m", "500m", "1", "2", "3"),
            List.of("32Mi", "64Mi", "100M", "128Mi", "0.25Gi", "512Mi", "1Gi", "2Gi"));

    private final Random random;

    RandomLimits(long seed) {
        this.random = new Random(seed);
    }

    /** A LimitRange; most are valid. With defaults for containers, or without, for use beside one that has some. */
    ObjectNode limitRange(String name, boolean defaults) {
        ObjectNode range = Json.object().put("apiVersion", "v1").put("kind", "LimitRange");
        range.putObject("metadata").put("name", name);
        ArrayNode limits = range.putObject("spec").putArray("limits");
        if (defaults) {
            containerItem(limits.addObject().put("type", "Container"));
        }
        if (!defaults || chance(30)) {
            podItem(limits.addObject().put("type", "Pod"));
        }
        if (chance(20)) {
            limits.addObject()
                    .put("type", "PersistentVolumeClaim")
                    .putObject("max")
                    .put("storage", "1Gi");
        }
        return range;
    }

    private void containerItem(ObjectNode item) {
        for (int i = 0; i < RESOURCES.size(); i++) {
            bound(item, "min", i, 40, 0, 2);
            bound(item, "defaultRequest", i, 40, 2, 4);
            bound(item, "default", i, 50, 4, 6);
            bound(item, "max", i, 40, 5, 8);
            ratio(item, i, 15);
        }
    }

    private void podItem(ObjectNode item) {
        int i = random.nextInt(RESOURCES.size());
        bound(item, "min", i, 40, 0, 4);
        bound(item, "max", i, 60, 5, 8);
        ratio(item, i, 20);
    }

    private void bound(ObjectNode item, String bound, int resource, int percent, int from, int to) {
        if (chance(percent)) {
            item.withObject("/" + bound)
                    .put(RESOURCES.get(resource), AMOUNTS.get(resource).get(from + random.nextInt(to - from)));
        }
    }

    private void ratio(ObjectNode item, int resource, int percent) {
        if (chance(percent)) {
            item.withObject("/maxLimitRequestRatio")
                    .put(RESOURCES.get(resource), List.of("1.5", "2", "4", "10").get(random.nextInt(4)));
        }
    }

    /** A pod that is valid where there is no LimitRange, except for some that have resources of their own. */
    ObjectNode pod() {
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", "pod");
        ObjectNode spec = pod.putObject("spec");
        containers(spec, "containers", 1 + random.nextInt(3));
        containers(spec, "initContainers", random.nextInt(3));
        if (chance(20)) {
            resources(spec.putObject("resources"), 60, 4);
        }
        return pod;
    }

    private void containers(ObjectNode spec, String list, int count) {
        ArrayNode containers = spec.putArray(list);
        for (int i = 0; i < count; i++) {
            ObjectNode container =
                    containers.addObject().put("name", list.substring(0, 1) + i).put("image", "x:1");
            if (list.equals("initContainers") && chance(50)) {
                container.put("restartPolicy", "Always");
            }
            resources(container.putObject("resources"), 55, 0);
        }
    }

    private void resources(ObjectNode resources, int percent, int from) {
        for (int i = 0; i < RESOURCES.size(); i++) {
            int request = from + random.nextInt(5 - from);
            if (chance(percent)) {
                resources
                        .withObject("/requests")
                        .put(RESOURCES.get(i), AMOUNTS.get(i).get(request));
            }
            if (chance(percent)) {
                resources
                        .withObject("/limits")
                        .put(RESOURCES.get(i), AMOUNTS.get(i).get(Math.min(7, request + random.nextInt(4))));
            }
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
