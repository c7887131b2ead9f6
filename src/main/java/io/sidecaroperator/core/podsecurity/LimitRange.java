package io.sidecaroperator.core.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of one LimitRange that concerns pods. */
record LimitRange(Resources containerDefaults, List<LimitRange.Bounds> ofContainers, List<LimitRange.Bounds> ofPods) {
    private static final BigDecimal MAX_MILLI_VALUE = BigDecimal.valueOf(Long.MAX_VALUE / 1000);

    static LimitRange of(JsonNode spec) {
        Resources defaults = Resources.NONE;
        List<Bounds> ofContainers = new ArrayList<>();
        List<Bounds> ofPods = new ArrayList<>();
        for (JsonNode limit : spec.path("limits")) {
            String type = limit.path("type").asText();
            if (type.equals("Container")) {
                defaults = defaultsOf(limit).withDefaults(defaults);
                ofContainers.add(Bounds.of(limit));
            } else if (type.equals("Pod")) {
                ofPods.add(Bounds.of(limit));
            }
        }
        return new LimitRange(defaults, List.copyOf(ofContainers), List.copyOf(ofPods));
    }

    /** A missing default limit is the maximum; a missing default request is the default limit, else the minimum. */
    private static Resources defaultsOf(JsonNode limit) {
        Map<String, BigDecimal> limits =
                Resources.withMissing(Resources.amounts(limit.path("default")), Resources.amounts(limit.path("max")));
        Map<String, BigDecimal> requests =
                Resources.withMissing(Resources.amounts(limit.path("defaultRequest")), limits);
        return new Resources(Resources.withMissing(requests, Resources.amounts(limit.path("min"))), limits);
    }

    /** The bounds of one type: of each container, or of a pod as a whole. */
    record Bounds(Map<String, BigDecimal> min, Map<String, BigDecimal> max, Map<String, BigDecimal> ratio) {

        private static Bounds of(JsonNode limit) {
            return new Bounds(
                    Resources.amounts(limit.path("min")),
                    Resources.amounts(limit.path("max")),
                    Resources.amounts(limit.path("maxLimitRequestRatio")));
        }

        /**
         * Adds every bound that the resources violate, at most one violation for each bound, as the API server does.
         */
        void check(String where, Resources resources, List<Violation> found) {
            Checked checked = new Checked(where, resources, found);
            min.forEach(checked::min);
            max.forEach(checked::max);
            ratio.forEach(checked::ratio);
        }
    }

    /** The container or pod under check. */
    private record Checked(String where, Resources resources, List<Violation> found) {

        private void min(String resource, BigDecimal bound) {
            BigDecimal request = resources.requests().get(resource);
            BigDecimal limit = resources.limits().get(resource);
            if (request == null || compare(request, bound, limit) < 0) {
                add("requests", resource, atLeast(resource, bound), request);
            } else if (limit != null && compare(limit, bound, request) < 0) {
                add("limits", resource, atLeast(resource, bound), limit);
            }
        }

        private void max(String resource, BigDecimal bound) {
            BigDecimal request = resources.requests().get(resource);
            BigDecimal limit = resources.limits().get(resource);
            if (limit == null || compare(limit, bound, request) > 0) {
                add("limits", resource, atMost(resource, bound), limit);
            } else if (request != null && compare(request, bound, limit) > 0) {
                add("requests", resource, atMost(resource, bound), request);
            }
        }

        private void ratio(String resource, BigDecimal bound) {
            BigDecimal request = resources.requests().get(resource);
            BigDecimal limit = resources.limits().get(resource);
            if (request == null || request.signum() == 0) {
                add(
                        "requests",
                        resource,
                        "must be above 0, because the limit is at most " + times(bound) + " times it",
                        request);
            } else if (limit == null || limit.signum() == 0) {
                add("limits", resource, "must be above 0 and at most " + times(bound) + " times the request", limit);
            } else if (milli(limit) / milli(request) * 1000 > milli(bound)) {
                add("limits", resource, "must be at most " + times(bound) + " times the request", limit);
            }
        }

        private static String atLeast(String resource, BigDecimal bound) {
            return "must be at least " + Amount.text(resource, bound);
        }

        private static String atMost(String resource, BigDecimal bound) {
            return "must be at most " + Amount.text(resource, bound);
        }

        private static String times(BigDecimal bound) {
            return bound.stripTrailingZeros().toPlainString();
        }

        /**
         * Compares as exactly as the API server does: to thousandths, unless one of the three is too large for that.
         */
        private static int compare(BigDecimal amount, BigDecimal bound, @Nullable BigDecimal other) {
            boolean large = amount.max(bound).max(other == null ? bound : other).compareTo(MAX_MILLI_VALUE) > 0;
            return large ? whole(amount).compareTo(whole(bound)) : amount.compareTo(bound);
        }

        private static BigDecimal whole(BigDecimal amount) {
            return amount.setScale(0, RoundingMode.CEILING);
        }

        private static double milli(BigDecimal amount) {
            return amount.movePointRight(3).doubleValue();
        }

        private void add(String list, String resource, String expected, @Nullable BigDecimal amount) {
            String field = "resources." + list + "." + resource;
            String found = amount == null ? "not set" : Amount.text(resource, amount);
            this.found.add(new Violation(where, field, expected + " (LimitRange)", found));
        }
    }
}
