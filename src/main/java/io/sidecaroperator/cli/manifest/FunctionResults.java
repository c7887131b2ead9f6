package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The messages about the call of a KRM function, in the format of its protocol. */
public final class FunctionResults extends Report {
    private static final List<String> PREFIXES = List.of("internal.config.kubernetes.io/", "config.kubernetes.io/");

    private final ArrayNode results = Json.array();
    private final List<String> important = new ArrayList<>();
    private final boolean quiet;
    private final boolean strict;

    /**
     * @param quiet leaves out what was done
     * @param strict makes a refusal, or a policy without effect, an error
     */
    public FunctionResults(boolean quiet, boolean strict) {
        this.quiet = quiet;
        this.strict = strict;
    }

    @Override
    protected void line(Level level, String text, @Nullable ManifestObject about) {
        if (level != Level.INFO) {
            important.add(text);
        } else if (quiet) {
            return;
        }
        add(
                switch (level) {
                    case INFO -> "info";
                    case REMOVAL, WARNING -> "warning";
                    case UNMET, REFUSAL -> strict ? "error" : "warning";
                },
                text,
                about);
    }

    /** Adds the failure that ended the call. */
    void fail(String text, @Nullable ManifestObject about) {
        add("error", text, about);
    }

    /** Whether there was a refusal, or a policy without effect, and that is an error. */
    public boolean failed() {
        return strict && refused();
    }

    /** Returns the messages for a person who does not read results. */
    public List<String> important() {
        return List.copyOf(important);
    }

    ArrayNode toJson() {
        return results;
    }

    /** Returns the file of an object, according to the caller. */
    static Optional<String> pathOf(JsonNode object) {
        return annotation(object, "path");
    }

    private void add(String severity, String text, @Nullable ManifestObject about) {
        ObjectNode result = results.addObject().put("message", text).put("severity", severity);
        if (about == null) {
            return;
        }
        ObjectNode ref = result.putObject("resourceRef")
                .put("apiVersion", about.apiVersion())
                .put("kind", about.kind());
        for (String key : List.of("name", "namespace")) {
            String value = Json.textAt(about.tree().get("metadata"), key);
            if (value != null) {
                ref.put(key, value);
            }
        }
        pathOf(about.tree()).ifPresent(path -> {
            ObjectNode file = result.putObject("file").put("path", path);
            annotation(about.tree(), "index")
                    .filter(index -> index.matches("[0-9]{1,9}"))
                    .ifPresent(index -> file.put("index", Integer.parseInt(index)));
        });
    }

    private static Optional<String> annotation(JsonNode object, String name) {
        JsonNode annotations = object.path("metadata").path("annotations");
        return PREFIXES.stream()
                .flatMap(prefix -> Stream.ofNullable(Json.textAt(annotations, prefix + name)))
                .findFirst();
    }
}
