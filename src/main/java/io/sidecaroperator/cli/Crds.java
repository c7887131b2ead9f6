package io.sidecaroperator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.validate.PolicyValidator;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The CRDs that this build carries: they say what a policy may be, with no server to ask. */
final class Crds {
    private static final List<String> FILES =
            List.of("/crds/sidecarpolicies.json", "/crds/clustersidecarpolicies.json");

    private Crds() {}

    /** A validator that knows the kinds of this build. */
    static PolicyValidator validator() {
        return Holder.VALIDATOR;
    }

    private static final class Holder {
        static final PolicyValidator VALIDATOR = new PolicyValidator(read());

        private static List<JsonNode> read() {
            List<JsonNode> crds = new ArrayList<>();
            for (String file : FILES) {
                try (InputStream stream = Crds.class.getResourceAsStream(file)) {
                    if (stream == null) {
                        throw new IllegalStateException("the build carries no " + file);
                    }
                    new DocumentReader(file, stream).forEachRemaining(document -> crds.add(document.content()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return crds;
        }
    }
}
