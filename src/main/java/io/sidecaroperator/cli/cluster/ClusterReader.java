package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.cli.manifest.ManifestPolicies;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.CustomKind;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads what a preview needs from a cluster. If namespaces are named, the parts of them that may not be read are
 * reported and left out. Otherwise a missing permission ends the run, because the command could not say what is
 * missing.
 */
public final class ClusterReader {
    static final String POLICIES = "sidecarpolicies";
    static final String CLUSTER_POLICIES = "clustersidecarpolicies";
    private static final String POLICY_API = ManifestPolicies.GROUP + "/v1alpha1";

    private final ClusterApi api;
    private final Set<String> only;
    private final String operatorNamespace;
    private final List<String> unread = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    /**
     * @param only the namespaces to read; empty for all
     * @param operatorNamespace the operator's own namespace, which is never touched
     */
    public ClusterReader(ClusterApi api, List<String> only, String operatorNamespace) {
        this.api = api;
        this.only = new LinkedHashSet<>(only);
        this.operatorNamespace = operatorNamespace;
    }

    /** Returns what could not be read, and what that means for the result. */
    public List<String> unread() {
        return Stream.concat(unread.stream(), unknown.stream()).toList();
    }

    /** Returns what could not be read because a permission is missing. */
    public List<String> forbidden() {
        return List.copyOf(unread);
    }

    /** Returns the named kinds that the API server does not have. */
    public List<String> unknown() {
        return List.copyOf(unknown);
    }

    /** Returns the namespaces that are not being deleted, by name, with what decisions depend on. */
    public Map<String, Input.InNamespace> namespaces() {
        Map<String, Map<String, String>> labels = new LinkedHashMap<>();
        for (String name : only) {
            namespace(name)
                    .ifPresentOrElse(
                            found -> putLabels(found, labels),
                            () -> labels.put(name, Map.of("kubernetes.io/metadata.name", name)));
        }
        if (only.isEmpty()) {
            list("", "v1", "namespaces", "", namespace -> putLabels(namespace, labels));
        }
        Map<String, TreeMap<String, ObjectNode>> limits = new LinkedHashMap<>();
        listAll("v1", "limitranges", "their limits do not count", range -> {
            ObjectNode spec = Json.objectAt(range, "spec");
            if (spec != null) {
                limits.computeIfAbsent(metadata(range, "namespace"), none -> new TreeMap<>())
                        .put(metadata(range, "name"), spec);
            }
        });
        Map<String, Input.InNamespace> namespaces = new LinkedHashMap<>();
        labels.forEach((name, own) -> namespaces.put(
                name,
                new Input.InNamespace(
                        own,
                        Input.SYSTEM_NAMESPACES.contains(name) || operatorNamespace.equals(name),
                        List.copyOf(limits.getOrDefault(name, new TreeMap<>()).values()))));
        return namespaces;
    }

    /** Passes on the complete policies of the cluster. Returns false when it does not have the kinds. */
    public boolean policies(Consumer<ObjectNode> consumer) {
        boolean known = clusterPolicies(consumer);
        return namespacedPolicies(consumer) && known;
    }

    /** Passes on the cluster policies only. */
    boolean clusterPolicies(Consumer<ObjectNode> consumer) {
        return list("", POLICY_API, CLUSTER_POLICIES, "cluster policies do not count", policy -> {
            consumer.accept(policy.put("apiVersion", POLICY_API).put("kind", "ClusterSidecarPolicy"));
        });
    }

    /** Passes on all policies except the cluster policies. */
    boolean namespacedPolicies(Consumer<ObjectNode> consumer) {
        return listAll(
                POLICY_API,
                POLICIES,
                "the policies there do not count",
                policy -> consumer.accept(policy.put("apiVersion", POLICY_API).put("kind", "SidecarPolicy")));
    }

    /** Passes on every workload of the kinds that the reconciler changes, one after the other. */
    public void workloads(WorkloadKinds kinds, BiConsumer<WorkloadKind, ObjectNode> consumer) {
        placedWorkloads(kinds, (place, workload) -> consumer.accept(place.kind(), workload));
    }

    /** The same, each with the place where its kind is served. */
    public void placedWorkloads(WorkloadKinds kinds, BiConsumer<WorkloadPlace, ObjectNode> consumer) {
        WorkloadPlace.RECONCILED.forEach(place -> workloads(place, consumer));
        kinds.custom().forEach(custom -> place(custom).ifPresent(place -> workloads(place, consumer)));
    }

    /** Whether the operator changes stored workloads of this kind. */
    static boolean isReconciled(WorkloadKind kind) {
        return WorkloadPlace.RECONCILED.stream().anyMatch(place -> place.kind().equals(kind))
                || !WorkloadKind.ALL.contains(kind);
    }

    /** Returns one workload; empty when it does not exist. */
    Optional<ObjectNode> workload(WorkloadKinds kinds, WorkloadKind kind, String namespace, String name) {
        Optional<String> collection = place(kind, kinds).map(place -> place.collection(namespace));
        try {
            return collection.isEmpty()
                    ? Optional.empty()
                    : api.get(collection.get() + "/" + name).map(found -> (ObjectNode) found);
        } catch (ClusterApi.ForbiddenException e) {
            unread.add("may not get " + kind.kind() + " " + name + " in namespace " + namespace);
            return Optional.empty();
        }
    }

    /** Returns the names of the workloads of a kind; empty when they may not be listed. */
    Optional<List<String>> names(WorkloadKinds kinds, WorkloadKind kind, String namespace) {
        List<String> names = new ArrayList<>();
        try {
            Optional<String> collection = place(kind, kinds).map(place -> place.collection(namespace));
            if (collection.isPresent()) {
                api.each(collection.get(), found -> names.add(metadata(found, "name")));
            }
            return Optional.of(names);
        } catch (ClusterApi.ForbiddenException e) {
            return Optional.empty();
        }
    }

    /** Returns where the API server serves a kind; empty when it does not. */
    public Optional<WorkloadPlace> place(WorkloadKind kind, WorkloadKinds kinds) {
        return WorkloadPlace.of(kind)
                .or(() -> kinds.custom().stream()
                        .filter(custom -> custom.kind().equals(kind))
                        .findFirst()
                        .flatMap(this::place));
    }

    private Optional<WorkloadPlace> place(CustomKind custom) {
        return resourceOf(custom).map(resource -> new WorkloadPlace(custom.kind(), custom.version(), resource));
    }

    private void workloads(WorkloadPlace place, BiConsumer<WorkloadPlace, ObjectNode> consumer) {
        String version = place.apiVersion();
        listAll(
                version,
                place.resource(),
                "they are not looked at",
                workload -> consumer.accept(
                        place,
                        workload.put("apiVersion", version)
                                .put("kind", place.kind().kind())));
    }

    private Optional<String> resourceOf(CustomKind custom) {
        try {
            Optional<String> resource = api.get("/apis/" + custom.apiVersion())
                    .flatMap(list -> Json.objects(list, "resources")
                            .filter(one -> custom.kind().kind().equals(Json.textAt(one, "kind")))
                            .map(one -> one.path("name").asText())
                            .filter(name -> name.indexOf('/') < 0)
                            .findFirst());
            if (resource.isEmpty()) {
                unknown.add("the API server has no " + custom.kind().kind() + " in " + custom.apiVersion()
                        + "; is its CustomResourceDefinition installed?");
            }
            return resource;
        } catch (ClusterApi.ForbiddenException e) {
            unread.add("may not ask what " + custom.apiVersion() + " is: they are not looked at");
            return Optional.empty();
        }
    }

    private Optional<ObjectNode> namespace(String name) {
        try {
            JsonNode found = api.get("/api/v1/namespaces/" + name)
                    .orElseThrow(() -> new InputException("there is no namespace " + name));
            return Optional.of((ObjectNode) found);
        } catch (ClusterApi.ForbiddenException e) {
            unread.add("may not get namespace " + name + ": its labels do not count");
            return Optional.empty();
        }
    }

    private static void putLabels(ObjectNode namespace, Map<String, Map<String, String>> labels) {
        if (!namespace.path("metadata").hasNonNull("deletionTimestamp")) {
            labels.put(metadata(namespace, "name"), Json.strings(namespace.path("metadata"), "labels"));
        }
    }

    /** Lists objects in all namespaces, or in each of those that were named. */
    private boolean listAll(String version, String resource, String consequence, Consumer<ObjectNode> consumer) {
        boolean known = true;
        for (String namespace : only.isEmpty() ? Set.of("") : only) {
            known &= list(namespace, version, resource, consequence, consumer);
        }
        return known;
    }

    private boolean list(
            String namespace, String version, String resource, String consequence, Consumer<ObjectNode> consumer) {
        String root = version.indexOf('/') < 0 ? "/api/" : "/apis/";
        String place = namespace.isEmpty() ? "/" : "/namespaces/" + namespace + "/";
        try {
            return api.each(root + version + place + resource, consumer);
        } catch (ClusterApi.ForbiddenException e) {
            String group = WorkloadKind.groupOf(version);
            String what = "may not list " + resource + (group.isEmpty() ? "" : "." + group)
                    + (namespace.isEmpty() ? "" : " in namespace " + namespace);
            if (only.isEmpty()) {
                throw new InputException(what + " in all namespaces; name with -n those that you may read");
            }
            unread.add(what + ": " + consequence);
            return true;
        }
    }

    private static String metadata(JsonNode object, String field) {
        String value = Json.textAt(object.path("metadata"), field);
        return value == null ? "" : value;
    }
}
