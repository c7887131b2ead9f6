package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.yaml.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One run over objects, one after the other: what becomes of each, and what there is to say at the end. */
public abstract class ManifestRun {
    /**
     * What became of an object.
     *
     * @param before as it was; no part of it is changed
     * @param injection what the engine said, where it was asked
     */
    public record Changed(ManifestObject before, ObjectNode after, Optional<Injection> injection) {
        static Changed not(ManifestObject object) {
            return new Changed(object, object.tree(), Optional.empty());
        }

        public boolean differs() {
            return !after.equals(before.tree());
        }
    }

    /** What became of a document, and of each object in it. */
    public record ChangedDocument(Document before, JsonNode after, List<Changed> objects) {}

    /** What becomes of an object. */
    public abstract Changed of(ManifestObject object);

    /** Says what can be said when every object was seen. */
    public void end() {}

    /** What becomes of a document, every object in it changed in its place. */
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
