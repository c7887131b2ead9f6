package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The CRDs that this build contains. They say which policies are valid, without a server. */
public final class BundledCrds {
    /** As JSON, which is read many times faster than YAML, so that a command does not wait for it. */
    private static final List<String> FILES =
            List.of("/crds/sidecarpolicies.json", "/crds/clustersidecarpolicies.json");

    private BundledCrds() {}

    /** Both CRDs, read anew. */
    public static List<JsonNode> read() {
        List<JsonNode> crds = new ArrayList<>();
        for (String file : FILES) {
            try (InputStream stream = BundledCrds.class.getResourceAsStream(file)) {
                if (stream == null) {
                    throw new IllegalStateException("the build carries no " + file);
                }
                crds.add(Json.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return crds;
    }
}
