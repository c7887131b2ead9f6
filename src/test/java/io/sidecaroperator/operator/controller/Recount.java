package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * Counts the workloads of a namespace by their state under the policy {@code logs} of {@link Shop}, from what kubectl
 * shows, without the operator's own code.
 *
 * @param revisions by {@code Kind/name} and uid, the workloads that have the policy's parts, with their revision
 * @param loose those that have parts although they are opted out
 * @param moving those whose pods do not run their template yet
 */
record Recount(
        int injected,
        int outdated,
        int refused,
        int skipped,
        Map<String, String> revisions,
        List<String> loose,
        List<String> moving) {
    private static final String KINDS = "deployments,statefulsets,daemonsets,cronjobs,replicasets";
    private static final String SIDECAR = "log-collector";

    /** Counts what exists now, by the policy's present image and revision. */
    static Recount of(Shop shop, String image, String revision) {
        JsonNode all = Json.parse(shop.kubectl("get", KINDS, "-o", "json"));
        int[] counts = new int[4];
        Map<String, String> revisions = new TreeMap<>();
        List<String> loose = new ArrayList<>();
        List<String> moving = new ArrayList<>();
        for (JsonNode workload : all.path("items")) {
            if (workload.at("/metadata/ownerReferences/0/controller").asBoolean()) {
                continue;
            }
            JsonNode template =
                    workload.at(is(workload, "CronJob") ? "/spec/jobTemplate/spec/template" : "/spec/template");
            JsonNode labels = template.at("/metadata/labels");
            if (!labels.path("logs").asText().equals("collected")) {
                continue;
            }
            String name = name(workload);
            String retained = retained(shop, template);
            if (!retained.isEmpty()) {
                revisions.put(name, retained);
            }
            boolean optedOut =
                    labels.path("sidecar-operator.io/inject").asText().equals("false");
            if (optedOut) {
                counts[3]++;
                if (!retained.isEmpty()) {
                    loose.add(name);
                }
            } else if (has(template, "containers", SIDECAR)) {
                counts[2]++;
            } else if (retained.equals(revision) && image.equals(imageOf(template))) {
                counts[0]++;
            } else {
                counts[1]++;
            }
            if (isMoving(workload)) {
                moving.add(name);
            }
        }
        return new Recount(counts[0], counts[1], counts[2], counts[3], revisions, loose, moving);
    }

    /** Whether all writes are done and all pods run. */
    boolean isSettled() {
        return outdated == 0 && loose.isEmpty() && moving.isEmpty();
    }

    /** Returns what {@code status.workloads} has to be when no rollout is open. */
    ObjectNode counts() {
        return Json.object()
                .put("matched", injected + outdated + refused + skipped)
                .put("injected", injected)
                .put("outdated", outdated)
                .put("refused", refused)
                .put("skipped", skipped)
                .put("progressing", 0);
    }

    private static String name(JsonNode workload) {
        return workload.path("kind").asText() + "/"
                + workload.at("/metadata/name").asText() + " "
                + workload.at("/metadata/uid").asText();
    }

    private static String retained(Shop shop, JsonNode template) {
        String receipt = template.at("/metadata/annotations/sidecar-operator.io~1receipt")
                .asText();
        return receipt.isEmpty()
                ? ""
                : Json.parse(receipt)
                        .path(shop.namespace() + "/logs")
                        .path("revision")
                        .asText();
    }

    private static String imageOf(JsonNode template) {
        return containers(template, "initContainers").stream()
                .filter(container -> container.path("name").asText().equals(SIDECAR))
                .map(container -> container.path("image").asText())
                .findFirst()
                .orElse("");
    }

    private static boolean has(JsonNode template, String list, String name) {
        return containers(template, list).stream()
                .anyMatch(container -> container.path("name").asText().equals(name));
    }

    private static List<JsonNode> containers(JsonNode template, String list) {
        return StreamSupport.stream(template.path("spec").path(list).spliterator(), false)
                .toList();
    }

    private static boolean isMoving(JsonNode workload) {
        JsonNode status = workload.path("status");
        JsonNode spec = workload.path("spec");
        boolean unseen = status.path("observedGeneration").asLong()
                < workload.at("/metadata/generation").asLong();
        int wanted = spec.path("replicas").asInt(1);
        return switch (workload.path("kind").asText()) {
            case "Deployment" ->
                !spec.path("paused").asBoolean()
                        && (unseen
                                || status.path("updatedReplicas").asInt() != wanted
                                || status.path("replicas").asInt() != wanted
                                || status.path("availableReplicas").asInt() != wanted);
            case "StatefulSet" ->
                unseen
                        || status.path("updatedReplicas").asInt(0) != wanted
                        || status.path("readyReplicas").asInt(0) != wanted;
            case "DaemonSet" ->
                unseen
                        || status.path("updatedNumberScheduled").asInt()
                                != status.path("desiredNumberScheduled").asInt()
                        || status.path("numberAvailable").asInt()
                                != status.path("desiredNumberScheduled").asInt();
            default -> false;
        };
    }

    private static boolean is(JsonNode workload, String kind) {
        return workload.path("kind").asText().equals(kind);
    }
}
