package io.sidecaroperator.core.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The LimitRanges of a namespace, applied to a pod as the API server's LimitRanger does: defaults first, then minimum,
 * maximum and ratio of each container and of the pod. Where two LimitRanges have a default for one resource, the API
 * server takes either; here the first of the list wins.
 */
public final class LimitRanges {
    /** A namespace without LimitRanges. */
    public static final LimitRanges NONE = new LimitRanges(List.of());

    private final List<LimitRange> ranges;

    private LimitRanges(List<LimitRange> ranges) {
        this.ranges = ranges;
    }

    /** Reads the specs of LimitRanges, as stored by the API server or as written by a person. */
    public static LimitRanges of(List<? extends JsonNode> specs) {
        return specs.isEmpty()
                ? NONE
                : new LimitRanges(specs.stream().map(LimitRange::of).toList());
    }

    /**
     * Returns what the LimitRanges forbid in a pod or pod template, in a fixed order; empty when the API server accepts
     * it.
     */
    public List<Violation> violations(ObjectNode pod) {
        if (ranges.isEmpty()) {
            return List.of();
        }
        PodResources defaulted = defaulted(pod);
        List<Violation> found = new ArrayList<>();
        defaulted.all().forEach(container -> requestsAboveLimits(container, found));
        for (LimitRange range : ranges) {
            for (LimitRange.Bounds item : range.ofContainers()) {
                defaulted.all().forEach(container -> item.check(container.where(), container.resources(), found));
            }
        }
        List<LimitRange.Bounds> ofPods =
                ranges.stream().flatMap(range -> range.ofPods().stream()).toList();
        if (!ofPods.isEmpty()) {
            Resources total = defaulted.total();
            ofPods.forEach(item -> item.check("pod (all containers together)", total, found));
        }
        return List.copyOf(found);
    }

    /** The resources of a pod in this namespace once the API server has filled in all defaults. */
    PodResources defaulted(ObjectNode pod) {
        PodResources resources = PodResources.of(pod);
        for (LimitRange range : ranges) {
            resources = resources.withDefaults(range.containerDefaults());
        }
        return resources;
    }

    /** A default may give a container a limit below what it requests, or a request above its limit. */
    private static void requestsAboveLimits(PodResources.Container container, List<Violation> found) {
        Map<String, BigDecimal> limits = container.resources().limits();
        for (Map.Entry<String, BigDecimal> request :
                container.resources().requests().entrySet()) {
            String resource = request.getKey();
            BigDecimal limit = limits.get(resource);
            if (limit == null) {
                continue;
            }
            int order = request.getValue().compareTo(limit);
            if (order > 0 || order < 0 && !canBeOvercommitted(resource)) {
                found.add(new Violation(
                        container.where(),
                        "resources.requests." + resource,
                        (order > 0 ? "must be at most the limit of " : "must be the limit of ")
                                + Amount.text(resource, limit) + " that the container has or gets by default",
                        Amount.text(resource, request.getValue())));
            }
        }
    }

    /** Devices and huge pages are allocated whole. */
    private static boolean canBeOvercommitted(String resource) {
        return !resource.startsWith("hugepages-") && (!resource.contains("/") || resource.contains("kubernetes.io/"));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LimitRanges limits && ranges.equals(limits.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    @Override
    public String toString() {
        return "LimitRanges" + ranges;
    }
}
