package io.sidecaroperator.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.yaml.YamlWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes documents the way {@code kubectl apply -f -} takes them: YAML in UTF-8, a marker between two documents. */
public final class Documents {
    private static final byte[] MARKER = "---\n".getBytes(StandardCharsets.US_ASCII);

    private Documents() {}

    public static void write(List<JsonNode> documents, OutputStream out) throws IOException {
        for (int i = 0; i < documents.size(); i++) {
            if (i > 0) {
                out.write(MARKER);
            }
            out.write(YamlWriter.write(documents.get(i)).getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
    }
}
