package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.receipt.Receipt;
import java.util.Arrays;
import java.util.List;

/**
 * Pods as lines of text:
 * {@code web-1 shop/logs@new[^tail,cat] / ^tail: waiting CrashLoopBackOff, last 1 Error boom / app: ready}.
 *
 * <p>First the name, the policies that the pod has with their revisions (and the sidecars' containers) and words about
 * the pod; then its containers. {@code ^} is for a native sidecar, {@code !} for an init container that runs once.
 */
final class PodText {
    private PodText() {}

    /** The pods of a text, separated by {@code //}; an empty text has no pods. */
    static List<JsonNode> pods(String text) {
        return Arrays.stream(text.split("//"))
                .map(String::strip)
                .filter(pod -> !pod.isEmpty())
                .map(PodText::pod)
                .toList();
    }

    /** The text of a receipt: {@code shop/logs@new[^tail]}, separated by spaces. */
    static ObjectNode receipt(String text) {
        ObjectNode receipt = Json.object();
        for (String entry : text.split(" ")) {
            if (entry.contains("@")) {
                String[] parts = entry.split("[@\\[\\]]");
                ObjectNode json = receipt.putObject(parts[0]).put("revision", parts[1]);
                json.put("engine", 10);
                for (String name : parts.length > 2 ? parts[2].split(",") : new String[0]) {
                    json.withObject(isInit(name) ? "/initContainers" : "/containers")
                            .put(plain(name), "hash");
                }
            }
        }
        return receipt;
    }

    private static JsonNode pod(String text) {
        String[] parts = text.split(" / ");
        ObjectNode pod = Json.object();
        String name = parts[0].split(" ")[0];
        pod.putObject("metadata").put("name", name).put("uid", "uid-of-" + name);
        pod.withObject("/metadata/annotations").put(Receipt.ANNOTATION, Json.text(receipt(parts[0])));
        for (String word : parts[0].split(" ")) {
            word(pod, word);
        }
        for (String container : Arrays.copyOfRange(parts, 1, parts.length)) {
            container(pod, container.strip());
        }
        return pod;
    }

    private static void word(ObjectNode pod, String word) {
        switch (word) {
            case "going" -> pod.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
            case "failed" -> pod.withObject("/status").put("phase", "Failed");
            case "ready" -> condition(pod, "Ready", "True");
            case "unready" -> condition(pod, "Ready", "False");
            case "unscheduled" ->
                condition(pod, "PodScheduled", "False")
                        .put("reason", "Unschedulable")
                        .put("message", "0/3 nodes are available: 3 Insufficient cpu.");
            case "scheduled" -> condition(pod, "PodScheduled", "True");
            case "nosandbox" -> condition(pod, "PodReadyToStartContainers", "False");
            case "noreceipt" -> pod.withObject("/metadata").remove("annotations");
            default -> {
                // The name, or what the pod has.
            }
        }
    }

    private static ObjectNode condition(ObjectNode pod, String type, String status) {
        return pod.withObject("/status")
                .withArray("conditions")
                .addObject()
                .put("type", type)
                .put("status", status);
    }

    private static void container(ObjectNode pod, String text) {
        String name = text.split(":", 2)[0];
        ObjectNode status = pod.withObject("/status")
                .withArray(isInit(name) ? "initContainerStatuses" : "containerStatuses")
                .addObject()
                .put("name", plain(name))
                .put("ready", false);
        ObjectNode spec = pod.withObject("/spec")
                .withArray(isInit(name) ? "initContainers" : "containers")
                .addObject()
                .put("name", plain(name));
        if (name.startsWith("^")) {
            spec.put("restartPolicy", "Always");
        }
        for (String state : text.split(":", 2)[1].split(", ")) {
            state(status, state.strip().split(" ", 4));
        }
    }

    private static void state(ObjectNode status, String[] words) {
        switch (words[0]) {
            case "ready" -> status.put("ready", true).put("started", true).withObject("/state/running");
            case "started" -> status.put("started", true).withObject("/state/running");
            case "starting" -> status.put("started", false).withObject("/state/running");
            case "waiting" -> {
                ObjectNode waiting = status.withObject("/state/waiting").put("reason", words[1]);
                if (words.length > 2) {
                    waiting.put("message", words[2] + (words.length > 3 ? " " + words[3] : ""));
                }
            }
            case "last", "ended" -> {
                ObjectNode ended = status.withObject(words[0].equals("last") ? "/lastState" : "/state")
                        .putObject("terminated")
                        .put("exitCode", Integer.parseInt(words[1]))
                        .put("reason", words[2]);
                if (words.length > 3) {
                    ended.put("message", words[3].replace("\\n", "\n"));
                }
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static boolean isInit(String name) {
        return name.startsWith("^") || name.startsWith("!");
    }

    private static String plain(String name) {
        return isInit(name) ? name.substring(1) : name;
    }
}
