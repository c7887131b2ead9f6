package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.BundledText;
import io.sidecaroperator.core.json.Json;
import java.util.List;

/** The CRDs that this build contains. They say which policies are valid, without a server. */
public final class BundledCrds {
    /** As JSON, which is read many times faster than YAML, so that a command does not wait for it. */
    private static final List<String> FILES =
            List.of("/crds/sidecarpolicies.json", "/crds/clustersidecarpolicies.json");

    private BundledCrds() {}

    /** Both CRDs, read anew. */
    public static List<JsonNode> read() {
        return FILES.stream().map(BundledText::read).map(Json::parse).toList();
    }
}
