package io.sidecaroperator.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Formats what a container requests and may use: {@code cpu 100m to 500m, memory 128Mi}. */
final class Amounts {
    private Amounts() {}

    /** Returns the amounts of {@code resources}; empty when there are none. */
    static String of(JsonNode resources) {
        JsonNode requests = resources.path("requests");
        JsonNode limits = resources.path("limits");
        Set<String> names = new LinkedHashSet<>();
        requests.fieldNames().forEachRemaining(names::add);
        limits.fieldNames().forEachRemaining(names::add);
        List<String> words = new ArrayList<>();
        for (String name : names) {
            String request = requests.path(name).asText("");
            String limit = limits.path(name).asText("");
            words.add(name + " " + range(request, limit));
        }
        return String.join(", ", words);
    }

    private static String range(String request, String limit) {
        if (request.isEmpty()) {
            return "up to " + limit;
        }
        return limit.isEmpty() || limit.equals(request) ? request : request + " to " + limit;
    }
}
