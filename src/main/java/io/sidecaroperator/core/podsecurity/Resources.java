package io.sidecaroperator.core.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/** Requests and limits of a container or a pod, by resource; the maps are never modified. */
record Resources(Map<String, BigDecimal> requests, Map<String, BigDecimal> limits) {
    static final Resources NONE = new Resources(Map.of(), Map.of());

    static Resources of(JsonNode resources) {
        return resources.isEmpty()
                ? NONE
                : new Resources(amounts(resources.path("requests")), amounts(resources.path("limits")));
    }

    /** Quantities by resource, rounded up to thousandths as the API server stores them. Other values are left out. */
    static Map<String, BigDecimal> amounts(JsonNode list) {
        if (list.isEmpty()) {
            return Map.of();
        }
        Map<String, BigDecimal> amounts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : list.properties()) {
            Quantity.value(entry.getValue())
                    .ifPresent(value -> amounts.put(entry.getKey(), value.setScale(3, RoundingMode.CEILING)));
        }
        return amounts;
    }

    /** Fills a missing request with the limit: the API server's default. */
    Resources withRequestsFromLimits() {
        return with(withMissing(requests, limits), limits);
    }

    /** Fills missing amounts from the defaults. */
    Resources withDefaults(Resources defaults) {
        return with(withMissing(requests, defaults.requests), withMissing(limits, defaults.limits));
    }

    private Resources with(Map<String, BigDecimal> newRequests, Map<String, BigDecimal> newLimits) {
        return newRequests == requests && newLimits == limits ? this : new Resources(newRequests, newLimits);
    }

    Resources plus(Resources other) {
        return with(merged(requests, other.requests, BigDecimal::add), merged(limits, other.limits, BigDecimal::add));
    }

    Resources max(Resources other) {
        return with(merged(requests, other.requests, BigDecimal::max), merged(limits, other.limits, BigDecimal::max));
    }

    /** Returns the own amounts, and those of the others for resources that have no own amount. */
    static Map<String, BigDecimal> withMissing(Map<String, BigDecimal> own, Map<String, BigDecimal> others) {
        return own.keySet().containsAll(others.keySet()) ? own : merged(own, others, (mine, other) -> mine);
    }

    private static Map<String, BigDecimal> merged(
            Map<String, BigDecimal> own, Map<String, BigDecimal> others, BinaryOperator<BigDecimal> both) {
        if (own.isEmpty() || others.isEmpty()) {
            return own.isEmpty() ? others : own;
        }
        Map<String, BigDecimal> result = new TreeMap<>(own);
        others.forEach((resource, amount) -> result.merge(resource, amount, both));
        return result;
    }
}
