package io.sidecaroperator.core.workload;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.WorkloadRef;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kind that has a pod template.
 *
 * @param group API group, empty for core
 * @param template where the template is in the object; empty for a Pod, which is its own template
 */
public record WorkloadKind(String group, String kind, JsonPointer template) {
    private static final JsonPointer SPEC_TEMPLATE = JsonPointer.compile("/spec/template");

    public static final WorkloadKind POD = new WorkloadKind("", "Pod", JsonPointer.empty());
    public static final WorkloadKind DEPLOYMENT = new WorkloadKind("apps", "Deployment", SPEC_TEMPLATE);
    public static final WorkloadKind STATEFUL_SET = new WorkloadKind("apps", "StatefulSet", SPEC_TEMPLATE);
    public static final WorkloadKind DAEMON_SET = new WorkloadKind("apps", "DaemonSet", SPEC_TEMPLATE);
    public static final WorkloadKind REPLICA_SET = new WorkloadKind("apps", "ReplicaSet", SPEC_TEMPLATE);
    public static final WorkloadKind REPLICATION_CONTROLLER =
            new WorkloadKind("", "ReplicationController", SPEC_TEMPLATE);
    public static final WorkloadKind JOB = new WorkloadKind("batch", "Job", SPEC_TEMPLATE);
    public static final WorkloadKind CRON_JOB =
            new WorkloadKind("batch", "CronJob", JsonPointer.compile("/spec/jobTemplate/spec/template"));

    /** Every kind of Kubernetes that has a pod template. */
    public static final List<WorkloadKind> ALL =
            List.of(POD, DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, REPLICATION_CONTROLLER, JOB, CRON_JOB);

    /**
     * Returns the kind of an object by its apiVersion's group and its kind; empty when Kubernetes has no such workload.
     */
    public static Optional<WorkloadKind> of(JsonNode object) {
        return ALL.stream().filter(known -> known.isKindOf(object)).findFirst();
    }

    /** The group of an {@code apiVersion}: {@code apps} of {@code apps/v1}, empty for {@code v1}. */
    public static String groupOf(@Nullable String apiVersion) {
        int slash = apiVersion == null ? -1 : apiVersion.indexOf('/');
        return apiVersion == null || slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /** Whether the object is of this kind, in whatever version. */
    boolean isKindOf(JsonNode object) {
        return group.equals(groupOf(Json.textAt(object, "apiVersion"))) && kind.equals(Json.textAt(object, "kind"));
    }

    /** Whether the workload is of this kind. */
    public boolean isOf(WorkloadRef workload) {
        return kind.equals(workload.kind()) && group.equals(workload.group());
    }

    /** The pod template inside the object; empty when it is absent or of the wrong shape. */
    public Optional<ObjectNode> templateOf(JsonNode object) {
        return object.at(template) instanceof ObjectNode found ? Optional.of(found) : Optional.empty();
    }

    /** Returns a copy of the object with another pod template. */
    public ObjectNode withTemplate(ObjectNode object, ObjectNode newTemplate) {
        if (template.matches()) {
            return newTemplate;
        }
        ObjectNode copy = object.deepCopy();
        ((ObjectNode) copy.at(template.head())).set(template.last().getMatchingProperty(), newTemplate);
        return copy;
    }

    /** The reference of an object of this kind; {@code namespace} is the default for an object without one. */
    public WorkloadRef refOf(JsonNode object, String namespace) {
        JsonNode metadata = object.path("metadata");
        String own = Json.textAt(metadata, "namespace");
        String name = Json.textAt(metadata, "name");
        String prefix = Json.textAt(metadata, "generateName");
        return new WorkloadRef(
                group,
                kind,
                own == null || own.isEmpty() ? namespace : own,
                name != null ? name : prefix != null ? prefix : "");
    }

    /** Names of the object's claim templates: each is a volume of its pods. */
    public static Set<String> claimNames(JsonNode object) {
        Set<String> names = new LinkedHashSet<>();
        Json.objects(object.path("spec"), "volumeClaimTemplates").forEach(claim -> {
            String name = Json.textAt(claim.path("metadata"), "name");
            if (name != null) {
                names.add(name);
            }
        });
        return names;
    }
}
