package io.sidecaroperator.support;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The objects of a YAML file, in order, with queries for tests. */
public record Manifests(List<ObjectNode> objects) {
    /** Reads every document as kubectl does. A document that is not an object is an {@link AssertionError}. */
    public static Manifests parse(String yaml) {
        List<ObjectNode> objects = new ArrayList<>();
        DocumentReader documents =
                new DocumentReader("yaml", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
        documents.forEachRemaining(document -> {
            if (!(document.content() instanceof ObjectNode object)) {
                throw new AssertionError(document.where() + " is not an object: " + document.content());
            }
            objects.add(object);
        });
        return new Manifests(List.copyOf(objects));
    }

    /** Returns all objects of a kind. */
    public List<ObjectNode> all(String kind) {
        return objects.stream().filter(object -> kind.equals(kindOf(object))).toList();
    }

    /** Returns the object of a kind of which there is exactly one. */
    public ObjectNode only(String kind) {
        List<ObjectNode> found = all(kind);
        if (found.size() != 1) {
            throw new AssertionError("expected one " + kind + ", found " + found.size() + " in " + kinds());
        }
        return found.get(0);
    }

    /** Returns the kinds, in order. */
    public List<String> kinds() {
        return objects.stream().map(Manifests::kindOf).toList();
    }

    /** Returns these objects without those of some kinds. */
    public Manifests without(String... kinds) {
        List<String> left = List.of(kinds);
        return new Manifests(objects.stream()
                .filter(object -> !left.contains(kindOf(object)))
                .toList());
    }

    /** Returns the objects as a stream of JSON documents, which kubectl reads like YAML. */
    public String text() {
        return objects.stream().map(Json::text).collect(Collectors.joining("\n---\n"));
    }

    /** Returns the names of all objects of a kind. */
    public Stream<String> names(String kind) {
        return all(kind).stream()
                .map(object -> object.path("metadata").path("name").asText());
    }

    private static String kindOf(ObjectNode object) {
        return object.path("kind").asText();
    }
}
