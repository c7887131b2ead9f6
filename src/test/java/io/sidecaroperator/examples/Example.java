package io.sidecaroperator.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One folder under {@code examples/}, with the objects of its YAML files in the order in which kubectl applies them.
 */
public record Example(String name, Path folder) {
    private static final Path ROOT = Checkout.ROOT.resolve("examples");

    /** The example that is a repository of several folders and has its own tests. */
    public static final String REPOSITORY = "gitops-without-operator";

    /** Returns every example that is applied as it is. */
    public static List<Example> all() {
        return list(ROOT)
                .filter(folder -> Files.isDirectory(folder) && !folder.endsWith(REPOSITORY))
                .map(folder -> new Example(folder.getFileName().toString(), folder))
                .toList();
    }

    /** Returns the example in this folder. */
    public static Example named(String name) {
        return all().stream()
                .filter(example -> example.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the names of the folder's files, as {@code kubectl apply -f FOLDER} orders them. */
    public List<String> files() {
        return list(folder).map(file -> file.getFileName().toString()).toList();
    }

    /** Returns the names of the folder's YAML files. */
    public List<String> manifests() {
        return files().stream().filter(file -> file.endsWith(".yaml")).toList();
    }

    /** Returns the text of one of its files. */
    public String read(String file) {
        return Checkout.read("examples/" + name + "/" + file);
    }

    /** Returns the objects of one of its files. */
    public List<ObjectNode> objects(String file) {
        List<ObjectNode> objects = new ArrayList<>();
        try (InputStream stream = Files.newInputStream(folder.resolve(file));
                DocumentReader reader = new DocumentReader(name + "/" + file, stream)) {
            reader.forEachRemaining(document -> objects.add((ObjectNode) document.content()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    /** Returns all its objects. */
    public List<ObjectNode> objects() {
        return manifests().stream().flatMap(file -> objects(file).stream()).toList();
    }

    /** Returns its only policy. */
    public ObjectNode policy() {
        return only(objects("policy.yaml"));
    }

    /** Whether the object is a cluster policy. */
    boolean isForTheCluster(ObjectNode object) {
        return "ClusterSidecarPolicy".equals(Json.textAt(object, "kind"));
    }

    /** Returns what is to run with the sidecar: the workloads of {@code app.yaml} and a bare Pod. */
    public List<ObjectNode> apps() {
        return Stream.of("app.yaml", "pod.yaml")
                .filter(files()::contains)
                .flatMap(file -> objects(file).stream())
                .filter(object -> WorkloadKind.of(object).isPresent())
                .toList();
    }

    /** Returns the namespace that it creates. */
    public ObjectNode namespace() {
        return only(objects().stream()
                .filter(object -> "Namespace".equals(Json.textAt(object, "kind")))
                .toList());
    }

    /** Returns a file of one of its ConfigMaps: a configuration as the sidecar gets it. */
    String configuration(String file, String key) {
        return only(objects(file).stream()
                .flatMap(object -> Stream.ofNullable(Json.textAt(object.get("data"), key)))
                .toList());
    }

    /** Returns the only sidecar of its policy. */
    ObjectNode sidecar() {
        return only(Json.objects(policy().get("spec"), "sidecars").toList());
    }

    /** Returns a list of strings of a container: its command or its args. */
    static List<String> strings(ObjectNode container, String key) {
        return StreamSupport.stream(container.path(key).spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }

    private static <T> T only(List<T> list) {
        if (list.size() != 1) {
            throw new AssertionError("expected one, found " + list);
        }
        return list.get(0);
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
