package io.sidecaroperator.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A read-only view of a pod template, or of a Pod: an object with {@code metadata} and {@code spec}. */
public record PodTemplate(ObjectNode root) {
    private static final List<String> NAMED_LISTS = List.of("initContainers", "containers", "ephemeralContainers");

    public JsonNode metadata() {
        return root.path("metadata");
    }

    public JsonNode spec() {
        return root.path("spec");
    }

    public Map<String, String> labels() {
        return Json.strings(metadata(), "labels");
    }

    public Map<String, String> annotations() {
        return Json.strings(metadata(), "annotations");
    }

    public Stream<ObjectNode> containers() {
        return Json.objects(spec(), "containers");
    }

    public Stream<ObjectNode> initContainers() {
        return Json.objects(spec(), "initContainers");
    }

    /** Init containers, then containers. */
    public Stream<ObjectNode> allContainers() {
        return Stream.concat(initContainers(), containers());
    }

    /** Names of every container of the pod. Kubernetes requires them to be unique across its three lists. */
    public Set<String> containerNames() {
        Set<String> names = new HashSet<>();
        NAMED_LISTS.forEach(list -> names.addAll(names(list)));
        return names;
    }

    /** The names in one list of the spec, in order. */
    public List<String> names(String list) {
        return Json.objects(spec(), list)
                .flatMap(item -> Stream.ofNullable(Json.textAt(item, "name")))
                .toList();
    }

    /** Whether the pod shares its node's network. */
    public boolean usesHostNetwork() {
        return spec().path("hostNetwork").asBoolean(false);
    }

    /** Whether the pod should run forever: the API server's default. */
    public boolean restartsAlways() {
        String policy = Json.textAt(spec(), "restartPolicy");
        return policy == null || policy.isEmpty() || policy.equals("Always");
    }

    /** Why Kubernetes could not run this template, or why it cannot be edited by names, if so. */
    public Optional<String> problem() {
        if (!(root.get("spec") instanceof ObjectNode)) {
            return Optional.of("spec is not an object");
        }
        if (!Json.isAbsent(root.get("metadata")) && !(root.get("metadata") instanceof ObjectNode)) {
            return Optional.of("metadata is not an object");
        }
        return Stream.of(
                        mapProblem("labels"),
                        mapProblem("annotations"),
                        listProblem(spec(), "spec", "containers", true),
                        listProblem(spec(), "spec", "initContainers", true),
                        listProblem(spec(), "spec", "volumes", true),
                        listProblem(spec(), "spec", "imagePullSecrets", false),
                        listProblem(spec(), "spec", "hostAliases", false),
                        repeatedContainer(),
                        noContainer(),
                        containerProblem())
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> noContainer() {
        return containers().findAny().isPresent() ? Optional.empty() : Optional.of("spec.containers has no container");
    }

    private Optional<String> mapProblem(String key) {
        JsonNode value = metadata().get(key);
        return Json.isAbsent(value) || value instanceof ObjectNode
                ? Optional.empty()
                : Optional.of("metadata." + key + " is not an object");
    }

    private static Optional<String> listProblem(JsonNode parent, String path, String key, boolean named) {
        JsonNode list = parent.get(key);
        if (Json.isAbsent(list) || list == null) {
            return Optional.empty();
        }
        if (!list.isArray()) {
            return Optional.of(path + "." + key + " is not a list");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String at = path + "." + key + "[" + i + "]";
            if (!(list.get(i) instanceof ObjectNode item)) {
                return Optional.of(at + " is not an object");
            }
            String name = Json.textAt(item, "name");
            if (named && (name == null || name.isEmpty())) {
                return Optional.of(at + " has no name");
            }
            if (named && name != null && !seen.add(name)) {
                return Optional.of(at + " repeats the name " + name);
            }
        }
        return Optional.empty();
    }

    private Optional<String> repeatedContainer() {
        Set<String> names = new HashSet<>();
        return NAMED_LISTS.stream()
                .flatMap(list -> names(list).stream())
                .filter(name -> !names.add(name))
                .findFirst()
                .map(name -> "two containers are named " + name);
    }

    private Optional<String> containerProblem() {
        return allContainers()
                .flatMap(container -> Stream.of("env", "envFrom", "volumeMounts")
                        .map(key -> listProblem(container, "container " + Json.textAt(container, "name"), key, false)))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
