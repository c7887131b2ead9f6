package io.sidecaroperator.core.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Quantity;
import io.sidecaroperator.core.podsecurity.Amount;
import io.sidecaroperator.core.podsecurity.PodSecurity;
import io.sidecaroperator.core.podsecurity.PodSecurityLevel;
import io.sidecaroperator.core.podsecurity.PodSecurityStandard;
import io.sidecaroperator.core.podsecurity.PodSecurityVersion;
import io.sidecaroperator.core.podsecurity.Violation;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import io.sidecaroperator.core.policy.CompiledPolicy.SidecarType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The cost of a policy wherever it is injected, independent of any pod.
 *
 * @param addedRequests what one pod requests in addition, by resource
 * @param level the strictest Pod Security level that accepts the sidecars and their volumes
 */
public record PolicyCost(Map<String, String> addedRequests, PodSecurityLevel level) {
    /** The cost of a policy without additions. */
    public static final PolicyCost NONE = new PolicyCost(Map.of(), PodSecurityLevel.RESTRICTED);

    public PolicyCost {
        addedRequests = Map.copyOf(addedRequests);
    }

    /** Returns the cost of a policy as this build renders it. */
    public static PolicyCost of(CompiledPolicy policy) {
        return new PolicyCost(requests(policy.sidecars()), level(policy));
    }

    /**
     * Adds up the sidecars that run beside the app. Of those that run before it, one at a time, only the greatest
     * counts.
     */
    private static Map<String, String> requests(List<Sidecar> sidecars) {
        SortedMap<String, BigDecimal> beside = new TreeMap<>();
        SortedMap<String, BigDecimal> added = new TreeMap<>();
        for (Sidecar sidecar : sidecars) {
            boolean before = sidecar.type() == SidecarType.Init;
            JsonNode requests = DefaultResources.CURRENT
                    .complete(sidecar.container().path("resources"))
                    .path("requests");
            requests.properties()
                    .forEach(request -> Quantity.value(request.getValue())
                            .ifPresent(amount -> (before ? added : beside)
                                    .merge(request.getKey(), amount, before ? BigDecimal::max : BigDecimal::add)));
        }
        beside.forEach((resource, amount) -> added.merge(resource, amount, BigDecimal::max));
        Map<String, String> texts = new TreeMap<>();
        added.forEach((resource, amount) -> texts.put(resource, Amount.text(resource, amount)));
        return texts;
    }

    /** What a Pod Security level forbids in a policy's sidecars and volumes, in any pod. */
    public static List<Violation> violations(CompiledPolicy policy, PodSecurityLevel level) {
        return PodSecurity.violations(new PodSecurityStandard(level, PodSecurityVersion.LATEST), podOf(policy));
    }

    private static PodSecurityLevel level(CompiledPolicy policy) {
        return PodSecurity.levelOf(PodSecurityVersion.LATEST, podOf(policy));
    }

    private static ObjectNode podOf(CompiledPolicy policy) {
        List<ObjectNode> containers =
                policy.sidecars().stream().map(Sidecar::container).toList();
        List<ObjectNode> volumes = Stream.concat(
                        policy.sharedVolumes().stream().map(CompiledPolicy.SharedVolume::volume),
                        policy.volumes().stream())
                .toList();
        return PodSecurity.podOf(containers, volumes);
    }
}
