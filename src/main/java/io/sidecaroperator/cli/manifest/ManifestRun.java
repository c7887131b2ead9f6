package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.yaml.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One run over objects, one after the other. It returns the result of each, and reports at the end. */
public abstract class ManifestRun {
    /**
     * The result of an object.
     *
     * @param before the object as it was; no part of it is changed
     * @param injection what the engine decided, if it was asked
     */
    public record Changed(ManifestObject before, ObjectNode after, Optional<Injection> injection) {
        static Changed not(ManifestObject object) {
            return new Changed(object, object.tree(), Optional.empty());
        }

        public boolean differs() {
            return !after.equals(before.tree());
        }
    }

    /** The result of a document, and of each object in it. */
    public record ChangedDocument(Document before, JsonNode after, List<Changed> objects) {}

    /** Changes an object. */
    public abstract Changed of(ManifestObject object);

    /** Reports what is known only after the last object. */
    public void end() {}

    /** Changes a document, every object in its place. */
    public final ChangedDocument of(Document document) {
        List<Changed> objects = new ArrayList<>();
        JsonNode after = ManifestObject.map(document, object -> {
            Changed changed = of(object);
            objects.add(changed);
            return changed.after();
        });
        return new ChangedDocument(document, after, objects);
    }
}
