package io.sidecaroperator.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.tree.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/** Requests and limits of a container or a pod, by resource. */
record Resources(SortedMap<String, BigDecimal> requests, SortedMap<String, BigDecimal> limits) {
    static final Resources NONE = new Resources(new TreeMap<>(), new TreeMap<>());

    Resources {
        requests = Collections.unmodifiableSortedMap(requests);
        limits = Collections.unmodifiableSortedMap(limits);
    }

    static Resources of(JsonNode resources) {
        return new Resources(amounts(resources.path("requests")), amounts(resources.path("limits")));
    }

    /** Quantities by resource, rounded up to thousandths as the API server stores them; anything else is left out. */
    static SortedMap<String, BigDecimal> amounts(JsonNode list) {
        SortedMap<String, BigDecimal> amounts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : list.properties()) {
            Quantity.value(entry.getValue())
                    .ifPresent(value -> amounts.put(entry.getKey(), value.setScale(3, RoundingMode.CEILING)));
        }
        return amounts;
    }

    /** A limit without a request is the request too: the API server's default. */
    Resources withRequestsFromLimits() {
        return new Resources(withMissing(requests, limits), limits);
    }

    /** What is not set is taken from the defaults. */
    Resources withDefaults(Resources defaults) {
        return new Resources(withMissing(requests, defaults.requests), withMissing(limits, defaults.limits));
    }

    Resources plus(Resources other) {
        return merged(other, BigDecimal::add);
    }

    Resources max(Resources other) {
        return merged(other, BigDecimal::max);
    }

    static SortedMap<String, BigDecimal> withMissing(Map<String, BigDecimal> own, Map<String, BigDecimal> others) {
        return merged(own, others, (mine, other) -> mine);
    }

    private Resources merged(Resources other, BinaryOperator<BigDecimal> both) {
        return new Resources(merged(requests, other.requests, both), merged(limits, other.limits, both));
    }

    private static SortedMap<String, BigDecimal> merged(
            Map<String, BigDecimal> own, Map<String, BigDecimal> others, BinaryOperator<BigDecimal> both) {
        SortedMap<String, BigDecimal> result = new TreeMap<>(own);
        others.forEach((resource, amount) -> result.merge(resource, amount, both));
        return result;
    }
}
