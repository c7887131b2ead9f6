package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One container of a pod, as its kubelet reports it.
 *
 * @param init whether it is among the init containers
 * @param runsOnce whether it is an init container that has to end before the pod continues
 */
record ContainerStatus(String name, JsonNode json, boolean init, boolean runsOnce) {
    static final String OOM_KILLED = "OOMKilled";
    static final String CRASH_LOOP = "CrashLoopBackOff";

    private static final Set<String> NEVER_STARTED = Set.of(
            "ImagePullBackOff",
            "ErrImagePull",
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    private static final String INIT_CONTAINERS = "initContainers";

    private static final int LINES = 3;
    private static final int CHARACTERS = 300;

    /** The containers of a pod that its kubelet has reported, in the order in which they start. */
    static List<ContainerStatus> of(JsonNode pod) {
        List<ContainerStatus> all = new ArrayList<>();
        JsonNode status = pod.path("status");
        Json.objects(status, "initContainerStatuses").forEach(json -> {
            String name = json.path("name").asText();
            boolean stays = Json.named(pod.path("spec"), INIT_CONTAINERS, name)
                    .filter(container -> "Always".equals(Json.textAt(container, "restartPolicy")))
                    .isPresent();
            all.add(new ContainerStatus(name, json, true, !stays));
        });
        Json.objects(status, "containerStatuses")
                .forEach(json -> all.add(new ContainerStatus(json.path("name").asText(), json, false, false)));
        return all;
    }

    /** The containers that may have started: no init container before them is still starting. */
    static List<ContainerStatus> reached(JsonNode pod) {
        List<ContainerStatus> reached = new ArrayList<>();
        for (ContainerStatus container : of(pod)) {
            reached.add(container);
            if (container.init && !container.letsOthersStart()) {
                break;
            }
        }
        return reached;
    }

    /** Whether it no longer delays the pod: it is ready, or it runs once and has succeeded. */
    boolean isReady() {
        return json.path("ready").asBoolean(false)
                || runsOnce && ended("state").path("exitCode").asInt(-1) == 0;
    }

    /** Why it fails to run, in the kubelet's word; empty while it may still run. */
    Optional<String> failure(boolean podFailed) {
        if (OOM_KILLED.equals(ended("state").path("reason").asText())
                || OOM_KILLED.equals(ended("lastState").path("reason").asText())) {
            return Optional.of(OOM_KILLED);
        }
        String waiting = waiting().path("reason").asText();
        if (CRASH_LOOP.equals(waiting) || NEVER_STARTED.contains(waiting)) {
            return Optional.of(waiting);
        }
        JsonNode end = ended("state");
        boolean failedForGood =
                podFailed && runsOnce && end.isObject() && end.path("exitCode").asInt(0) != 0;
        return failedForGood ? Optional.of(end.path("reason").asText("Error")) : Optional.empty();
    }

    /** The details for a person: what the container wrote at its end, how it ended, or what the kubelet says. */
    String message() {
        String kubelet = start(waiting().path("message").asText());
        if (!kubelet.isEmpty()
                && NEVER_STARTED.contains(waiting().path("reason").asText())) {
            return kubelet; // Its earlier end is not the reason why it fails to start now.
        }
        for (JsonNode end : List.of(ended("lastState"), ended("state"))) {
            String last = lastLines(end.path("message").asText());
            if (!last.isEmpty()) {
                return last;
            }
        }
        for (JsonNode end : List.of(ended("lastState"), ended("state"))) {
            if (end.path("exitCode").isInt()) {
                return "exit code " + end.path("exitCode").asInt();
            }
        }
        return kubelet;
    }

    /** Why it is not ready, as far as that is known. */
    String lateness() {
        String message = message();
        if (!message.isEmpty()) {
            return message;
        }
        return json.path("state").path("running").isObject()
                ? json.path("started").asBoolean(true) ? "it runs, but is not ready" : "it runs, but has not started up"
                : waiting().path("reason").asText("it does not run");
    }

    /** The beginning of what the kubelet or a controller says. */
    static String start(String message) {
        String text = message.strip();
        return text.substring(
                0, text.offsetByCodePoints(0, Math.min(CHARACTERS, text.codePointCount(0, text.length()))));
    }

    private static String lastLines(String message) {
        List<String> lines = message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        String text = String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        int surplus = text.codePointCount(0, text.length()) - CHARACTERS;
        return surplus <= 0 ? text : text.substring(text.offsetByCodePoints(0, surplus));
    }

    private boolean letsOthersStart() {
        return runsOnce ? isReady() : json.path("started").asBoolean(false);
    }

    private JsonNode waiting() {
        return json.path("state").path("waiting");
    }

    private JsonNode ended(String state) {
        return json.path(state).path("terminated");
    }
}
