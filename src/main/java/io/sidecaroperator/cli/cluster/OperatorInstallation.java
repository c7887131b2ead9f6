package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One installed operator. It runs when a process has its lease, or when its Deployment wants pods.
 *
 * @param namespace the namespace of its Deployment and its lease
 * @param name the name of both
 */
record OperatorInstallation(String namespace, String name) {
    static final String USUAL_NAME = "sidecar-operator";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Returns what shows that it runs, or may run in a moment; empty when it does not run. */
    Optional<String> heartbeat(ClusterApi api, Clock clock) {
        return pods(api).or(() -> holder(api, clock));
    }

    /** Whether a process has its lease. Also false when the lease may not be read. */
    boolean isSeenLeading(ClusterApi api, Clock clock) {
        try {
            return holder(api, clock).isPresent();
        } catch (InputException e) {
            return false;
        }
    }

    /** Returns how a person stops it. */
    String remedy() {
        return "stop it first: kubectl scale deployment/" + name + " --namespace " + namespace
                + " --replicas 0, or give --stop-operator";
    }

    /**
     * Scales its Deployment to 0 and waits until its pods are gone and the lease is free.
     *
     * @throws InputException when that is refused, or takes too long
     */
    void stop(ClusterApi api, Clock clock) {
        Optional<JsonNode> deployment = get(api, deploymentPath());
        if (deployment.isPresent() && wanted(deployment.get()) > 0) {
            ClusterWriter.Outcome outcome = new ClusterWriter(api).scale(deploymentPath(), 0);
            if (outcome instanceof ClusterWriter.Outcome.Refused refused) {
                throw new InputException("may not scale deployment " + this + " to 0: " + refused.message());
            }
        }
        Instant deadline = clock.instant().plus(PATIENCE);
        Optional<String> sign = runs(api, deployment, clock);
        while (sign.isPresent()) {
            if (clock.instant().isAfter(deadline)) {
                throw new InputException("the operator does not end: " + sign.get());
            }
            pause();
            sign = runs(api, deployment, clock);
        }
    }

    private Optional<String> runs(ClusterApi api, Optional<JsonNode> deployment, Clock clock) {
        return deployment.filter(found -> hasPods(api, found)).isPresent()
                ? Optional.of("deployment " + this + " still has a pod")
                : heartbeat(api, clock);
    }

    private Optional<String> pods(ClusterApi api) {
        return get(api, deploymentPath()).flatMap(found -> {
            int ready = found.path("status").path("readyReplicas").asInt(0);
            String which = "deployment " + this;
            if (ready > 0) {
                return Optional.of(which + " has " + ready + (ready == 1 ? " ready pod" : " ready pods"));
            }
            return wanted(found) > 0
                    ? Optional.of(which + " wants " + wanted(found) + " pods: none is ready, but one could be soon")
                    : Optional.empty();
        });
    }

    private Optional<String> holder(ClusterApi api, Clock clock) {
        JsonNode spec = lease(api).<JsonNode>map(lease -> lease.path("spec")).orElseGet(Json::object);
        String holder = Json.textAt(spec, "holderIdentity");
        Optional<Instant> renewed = time(Json.textAt(spec, "renewTime"));
        if (holder == null || holder.isEmpty() || renewed.isEmpty()) {
            return Optional.empty();
        }
        Instant end =
                renewed.get().plusSeconds(spec.path("leaseDurationSeconds").asInt(0));
        return clock.instant().isBefore(end)
                ? Optional.of("lease " + this + " is held by " + holder + ", which renewed it at " + renewed.get())
                : Optional.empty();
    }

    /** Returns its lease. */
    Optional<JsonNode> lease(ClusterApi api) {
        return get(api, leasePath(namespace, name));
    }

    static String leasePath(String namespace, String name) {
        return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases/" + name;
    }

    private boolean hasPods(ClusterApi api, JsonNode deployment) {
        Map<String, String> labels = Json.strings(deployment.path("spec").path("selector"), "matchLabels");
        String selector = labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
        return get(
                        api,
                        "/api/v1/namespaces/" + namespace + "/pods?labelSelector="
                                + URLEncoder.encode(selector, StandardCharsets.UTF_8) + "&limit=1")
                .filter(list -> Json.objects(list, "items").findAny().isPresent())
                .isPresent();
    }

    private Optional<JsonNode> get(ClusterApi api, String path) {
        try {
            return api.get(path);
        } catch (ClusterApi.ForbiddenException e) {
            throw new InputException("may not read " + path.replaceAll("\\?.*", "")
                    + ", so nobody can say whether an operator runs, which would undo what is done here; it takes"
                    + " permission to get deployments.apps, leases.coordination.k8s.io and to list pods in namespace "
                    + namespace);
        }
    }

    private String deploymentPath() {
        return "/apis/apps/v1/namespaces/" + namespace + "/deployments/" + name;
    }

    private static int wanted(JsonNode deployment) {
        return deployment.path("spec").path("replicas").asInt(1);
    }

    private static Optional<Instant> time(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("interrupted");
        }
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
