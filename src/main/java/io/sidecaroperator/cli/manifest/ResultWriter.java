package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cli.manifest.ManifestRun.Changed;
import io.sidecaroperator.cli.manifest.ManifestRun.ChangedDocument;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.yaml.JsonWriter;
import io.sidecaroperator.yaml.YamlWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the documents of a run one by one, in UTF-8, in a format that kubectl reads. */
public abstract class ResultWriter {
    private final OutputStream out;

    private ResultWriter(OutputStream out) {
        this.out = out;
    }

    /** The formats, named as in kubectl. */
    public enum Format {
        yaml,
        json,
        name;

        /** Returns a writer of this format. */
        public ResultWriter to(OutputStream out) {
            return switch (this) {
                case yaml -> new Yaml(out);
                case json -> new JsonList(out);
                case name -> new Names(out);
            };
        }
    }

    public abstract void add(ChangedDocument document) throws IOException;

    /** Writes what has to come last. */
    public void end() throws IOException {
        out.flush();
    }

    final void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes documents with a marker between them. */
    private static final class Yaml extends ResultWriter {
        private boolean first = true;

        Yaml(OutputStream out) {
            super(out);
        }

        @Override
        public void add(ChangedDocument document) throws IOException {
            write((first ? "" : "---\n") + YamlWriter.write(document.after()));
            first = false;
        }
    }

    /** Writes one document as itself, and several as a List of their objects, as kubectl does. */
    private static final class JsonList extends ResultWriter {
        private static final String HEAD = "{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"List\",\n    \"items\": [";
        private static final String MARGIN = JsonWriter.INDENT.repeat(2);

        private @Nullable ChangedDocument only;
        private int documents;
        private boolean empty = true;

        JsonList(OutputStream out) {
            super(out);
        }

        @Override
        public void add(ChangedDocument document) throws IOException {
            documents++;
            if (documents == 1) {
                only = document;
                return;
            }
            if (documents == 2) {
                write(HEAD);
                items(Objects.requireNonNull(only));
                only = null;
            }
            items(document);
        }

        private void items(ChangedDocument document) throws IOException {
            for (Changed object : document.objects()) {
                write((empty ? "\n" : ",\n") + MARGIN + JsonWriter.write(named(object), JsonWriter.INDENT, MARGIN));
                empty = false;
            }
        }

        /** The items of a typed list may omit kind and apiVersion; those of a List must have them. */
        private static JsonNode named(Changed object) {
            if (object.after().has("kind") && object.after().has("apiVersion")) {
                return object.after();
            }
            ObjectNode named = Json.object()
                    .put("apiVersion", object.before().apiVersion())
                    .put("kind", object.before().kind());
            named.setAll(object.after());
            return named;
        }

        @Override
        public void end() throws IOException {
            if (only != null) {
                write(JsonWriter.write(only.after(), JsonWriter.INDENT, "") + "\n");
            } else {
                write((empty ? "" : "\n    ") + "]\n}\n");
            }
            super.end();
        }
    }

    /** Writes the changed objects as {@code deployment.apps/web}, one line each. */
    private static final class Names extends ResultWriter {
        Names(OutputStream out) {
            super(out);
        }

        @Override
        public void add(ChangedDocument document) throws IOException {
            List<String> lines = new ArrayList<>();
            document.objects().stream().filter(Changed::differs).forEach(object -> lines.add(name(object.before())));
            for (String line : lines) {
                write(line + "\n");
            }
        }

        private static String name(ManifestObject object) {
            JsonNode metadata = object.tree().path("metadata");
            String name =
                    metadata.path("name").asText(metadata.path("generateName").asText());
            String kind = object.kind().toLowerCase(Locale.ROOT);
            return kind + (object.group().isEmpty() ? "" : "." + object.group()) + "/" + name;
        }
    }
}
