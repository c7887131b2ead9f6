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
 * What a policy costs wherever it is injected, before anybody looks at a pod.
 *
 * @param addedRequests what one pod requests more, by resource
 * @param level the strictest Pod Security level that takes the sidecars and their volumes
 */
public record PolicyCost(Map<String, String> addedRequests, PodSecurityLevel level) {
    /** Of a policy that adds nothing. */
    public static final PolicyCost NONE = new PolicyCost(Map.of(), PodSecurityLevel.RESTRICTED);

    public PolicyCost {
        addedRequests = Map.copyOf(addedRequests);
    }

    /** The footprint of a policy as this build renders it. */
    public static PolicyCost of(CompiledPolicy policy) {
        return new PolicyCost(requests(policy.sidecars()), level(policy));
    }

    /** Sidecars that run beside the app add up; of those that run before it, one at a time, the greatest counts. */
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

    /** What a Pod Security level forbids in a policy's sidecars and volumes, whatever pod they come into. */
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
