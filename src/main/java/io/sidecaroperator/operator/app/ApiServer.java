package io.sidecaroperator.operator.app;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.sidecaroperator.core.json.InvalidJsonException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.operator.admission.WebhookRegistration.Pause;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator needs from the API server before it can begin. Problems that end without a person's action are
 * waited for, with a line in the log for each try: a server that is starting, or kinds that are installed a moment
 * later. A problem that a person has to solve is a {@link StartFailure}.
 */
final class ApiServer {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final String SELF_REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private static final Map<String, String> SELF_REVIEW =
            Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "SelfSubjectReview");
    private static final ResourceDefinitionContext POLICIES = new ResourceDefinitionContext.Builder()
            .withGroup("sidecar-operator.io")
            .withVersion("v1alpha1")
            .withKind("SidecarPolicy")
            .withPlural("sidecarpolicies")
            .withNamespaced(true)
            .build();
    private static final ResourceDefinitionContext CLUSTER_POLICIES = new ResourceDefinitionContext.Builder()
            .withGroup("sidecar-operator.io")
            .withVersion("v1alpha1")
            .withKind("ClusterSidecarPolicy")
            .withPlural("clustersidecarpolicies")
            .withNamespaced(false)
            .build();

    private final KubernetesClient client;
    private final Pause pause;

    ApiServer(KubernetesClient client, Pause pause) {
        this.client = client;
        this.pause = pause;
    }

    /** Waits until the server answers, and returns its version. Fails when it is too old for the CRDs. */
    KubernetesVersion version() throws StartFailure, InterruptedException {
        String what = "the API server at " + client.getMasterUrl();
        String answer = untilItWorks(what, false, () -> String.valueOf(client.raw("/version")));
        KubernetesVersion version =
                versionOf(answer).orElseThrow(() -> new StartFailure(what + " tells no version: " + answer, null));
        if (version.compareTo(KubernetesVersion.OLDEST) < 0) {
            throw new StartFailure(
                    what + " is Kubernetes " + version + "; this operator needs " + KubernetesVersion.OLDEST
                            + " or newer",
                    null);
        }
        return version;
    }

    private static Optional<KubernetesVersion> versionOf(String answer) {
        try {
            return Optional.ofNullable(Json.textAt(Json.parse(answer), "gitVersion"))
                    .flatMap(KubernetesVersion::parse);
        } catch (InvalidJsonException e) {
            return Optional.empty();
        }
    }

    /** Waits until the server knows the policy kinds. Fails when they may not be read in one of the namespaces. */
    void knowsPolicies(Set<String> namespaces, KubernetesVersion version) throws StartFailure, InterruptedException {
        String what = "the kind SidecarPolicy (are the CustomResourceDefinitions of sidecar-operator installed in this"
                + " Kubernetes " + version + "?)";
        for (String namespace : namespaces) {
            untilItWorks(
                    what,
                    true,
                    () -> client.genericKubernetesResources(POLICIES)
                            .inNamespace(namespace)
                            .list(new ListOptionsBuilder().withLimit(1L).build()));
        }
        if (namespaces.isEmpty()) {
            untilItWorks(
                    what,
                    true,
                    () -> client.genericKubernetesResources(POLICIES)
                            .inAnyNamespace()
                            .list(new ListOptionsBuilder().withLimit(1L).build()));
        }
        untilItWorks(
                what.replace("SidecarPolicy", "ClusterSidecarPolicy"),
                true,
                () -> client.genericKubernetesResources(CLUSTER_POLICIES)
                        .list(new ListOptionsBuilder().withLimit(1L).build()));
    }

    /**
     * Returns the user name that the API server has for this process. Without it, admission of workloads has to stay
     * off: it could not distinguish the operator's own writes from those of others.
     */
    Optional<String> ownUser() throws InterruptedException {
        String problem;
        try {
            String review =
                    untilItWorks("a SelfSubjectReview", false, () -> client.raw(SELF_REVIEWS, "POST", SELF_REVIEW));
            String name = Json.textAt(Json.parse(review).at("/status/userInfo"), "username");
            if (name != null && !name.isEmpty()) {
                return Optional.of(name);
            }
            problem = "the answer names no user";
        } catch (StartFailure e) {
            problem = e.line();
        } catch (InvalidJsonException e) {
            problem = "the answer is not JSON: " + e.getMessage();
        }
        LOG.atWarn()
                .addKeyValue("problem", problem)
                .log("Admission of workloads is off, because the operator's own user name is not known; workloads get"
                        + " their sidecars by a rollout of their own");
        return Optional.empty();
    }

    private <T> T untilItWorks(String what, boolean mayBeMissing, Callable<T> call)
            throws StartFailure, InterruptedException {
        for (Duration next = FIRST_PAUSE; ; next = longer(next)) {
            try {
                return call.call();
            } catch (KubernetesClientException e) {
                if (!comesByItself(e, mayBeMissing)) {
                    throw new StartFailure("the API server refuses " + what + ": " + oneLine(e), e);
                }
                LOG.atWarn()
                        .addKeyValue("problem", oneLine(e))
                        .addKeyValue("nextTry", next)
                        .log("Waiting for {}", what);
            } catch (Exception e) {
                throw new StartFailure("asking for " + what + " failed: " + e, e);
            }
            pause.of(next);
        }
    }

    /** Whether waiting can help. A failed connection has no code, or a negative one. */
    private static boolean comesByItself(KubernetesClientException e, boolean mayBeMissing) {
        int code = e.getCode();
        return code <= 0 || code == 429 || code >= 500 || (code == 404 && mayBeMissing);
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** Returns the innermost message: the outer ones repeat it around a URL. */
    static String oneLine(Throwable failure) {
        String message = failure.toString();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            message = cause.getMessage() == null ? message : cause.getMessage();
        }
        return message.replaceAll("\\s+", " ").strip();
    }
}
