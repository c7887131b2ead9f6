package io.sidecaroperator.core.podsecurity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.podsecurity.PodResources.Container;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod with resources of its own ({@code spec.resources}) must have room for its containers, including sidecars. */
public final class PodLevelResources {
    private static final String POD = "pod";

    private PodLevelResources() {}

    /** Returns where the containers exceed the pod's own resources, after the namespace's defaults are filled in. */
    public static List<Violation> violations(ObjectNode pod, LimitRanges limitRanges) {
        PodResources resources = limitRanges.defaulted(pod);
        Resources own = resources.ofPod();
        List<Violation> found = new ArrayList<>();
        Resources sum = resources.sum();
        own.requests().forEach((resource, request) -> {
            atLeast("requests." + resource, request, sum.requests().get(resource), found);
            BigDecimal limit = own.limits().get(resource);
            if (limit != null && request.compareTo(limit) > 0) {
                found.add(above(POD, "requests." + resource, request, limit));
            }
        });
        own.limits().forEach((resource, limit) -> {
            if (resource.startsWith("hugepages-")) {
                atLeast("limits." + resource, limit, sum.limits().get(resource), found);
            }
        });
        resources.containers().forEach(container -> limitsAbove(own.limits(), container, found));
        return List.copyOf(found);
    }

    private static void limitsAbove(Map<String, BigDecimal> limits, Container container, List<Violation> found) {
        container.resources().limits().forEach((resource, limit) -> {
            BigDecimal ofPod = limits.get(resource);
            if (ofPod != null && limit.compareTo(ofPod) > 0) {
                found.add(above(container.where(), "limits." + resource, limit, ofPod));
            }
        });
    }

    private static void atLeast(String field, BigDecimal own, @Nullable BigDecimal needed, List<Violation> found) {
        if (needed != null && needed.compareTo(own) > 0) {
            String resource = field.substring(field.indexOf('.') + 1);
            found.add(new Violation(
                    POD,
                    "resources." + field,
                    "must be at least what all containers have together",
                    Amount.text(resource, own) + " for " + Amount.text(resource, needed)));
        }
    }

    private static Violation above(String where, String field, BigDecimal amount, BigDecimal limit) {
        String resource = field.substring(field.indexOf('.') + 1);
        return new Violation(
                where,
                "resources." + field,
                "must be at most the pod's own limit of " + Amount.text(resource, limit),
                Amount.text(resource, amount));
    }
}
