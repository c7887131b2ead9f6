package io.sidecaroperator.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.sidecaroperator.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * The real control plane of a test run: with a simulated node ({@code tools/cluster}), or with a real one whose pods
 * run ({@code tools/node}). Each starts at first use and ends with the JVM. All integration tests share them, so each
 * test uses its own namespace.
 */
public final class TestCluster {
    private static final Pattern EXPORT = Pattern.compile("export ([A-Z_]+)='([^']*)'.*");
    private static final String OURS = "/apis/sidecar-operator.io/v1alpha1";
    /** The API paths of the kinds that tests read. */
    private static final Map<String, String> GROUPS = Map.ofEntries(
            Map.entry("namespace", "/api/v1"),
            Map.entry("pod", "/api/v1"),
            Map.entry("event", "/api/v1"),
            Map.entry("configmap", "/api/v1"),
            Map.entry("deployment", "/apis/apps/v1"),
            Map.entry("statefulset", "/apis/apps/v1"),
            Map.entry("daemonset", "/apis/apps/v1"),
            Map.entry("replicaset", "/apis/apps/v1"),
            Map.entry("controllerrevision", "/apis/apps/v1"),
            Map.entry("cronjob", "/apis/batch/v1"),
            Map.entry("job", "/apis/batch/v1"),
            Map.entry("lease", "/apis/coordination.k8s.io/v1"),
            Map.entry("canary", "/apis/example.org/v1"),
            Map.entry("sidecarpolicy", OURS),
            Map.entry("clustersidecarpolicy", OURS));

    private static final Set<String> CLUSTER_SCOPED = Set.of("namespace", "clustersidecarpolicy");
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    /** What this JVM calls its clusters. */
    private static final String RUN = "it-" + ProcessHandle.current().pid();

    private final Map<String, String> environment;
    private final KubernetesClient admin;
    private final Set<Path> loaded = ConcurrentHashMap.newKeySet();

    private TestCluster(Map<String, String> environment) {
        this.environment = environment;
        this.admin = clientOf(read(Path.of(variable("KUBECONFIG"))));
    }

    /** Returns the cluster of this test run. Its node is simulated: no container runs. */
    public static TestCluster get() {
        return Simulated.CLUSTER;
    }

    /**
     * Returns the cluster of this test run whose node is real, with the operator's image on it. Skips the test where this
     * machine can not have it.
     */
    public static TestCluster realNode() {
        RealThings.assume("tools/node");
        Path image = OperatorImage.path();
        TestCluster cluster = RealNode.CLUSTER;
        cluster.load(image);
        return cluster;
    }

    /** Brings an image into the real node, from an archive in the form of {@code docker save}. */
    public void load(Path image) {
        if (loaded.add(image)) {
            script("tools/node", "load", RUN, image.toString()).ok();
        }
    }

    /** Runs a program in the network of the real node, where pods and Services have their addresses. */
    public Program.Result inNetwork(String... command) {
        return script("tools/node", "run", RUN, command);
    }

    /** Returns a client with all permissions. */
    public KubernetesClient admin() {
        return admin;
    }

    /** Returns a client for the kubeconfig's text. It does not read the machine's own configuration. */
    public static KubernetesClient clientOf(String kubeconfig) {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig))
                .build();
    }

    /** Returns a variable that {@code tools/cluster env} exports. */
    public String variable(String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new AssertionError("tools/cluster env exports no " + name + ": " + environment);
        }
        return value;
    }

    /** Runs the real kubectl as the administrator. */
    public Program.Result kubectl(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(variable("PATH") + "/kubectl"));
        command.addAll(List.of(arguments));
        return Program.run(command, Map.of("KUBECONFIG", variable("KUBECONFIG")), input, Duration.ofMinutes(5));
    }

    /**
     * Returns an object as {@code kubectl get -o json} shows it; fails when it does not exist. Tests that wait read
     * again and again, and starting a process costs more than the read.
     */
    public ObjectNode get(String kind, String namespace, String name) {
        return find(kind, namespace, name)
                .orElseThrow(() -> new AssertionError("no " + kind + " " + namespace + "/" + name));
    }

    /** The same; empty when it does not exist. */
    public Optional<ObjectNode> find(String kind, String namespace, String name) {
        return Optional.ofNullable(admin.raw(path(kind, namespace) + "/" + name))
                .map(TestCluster::asKubectlShowsIt);
    }

    /**
     * Returns the objects of a kind in a namespace, narrowed by a query of the API such as {@code
     * labelSelector=app=web}.
     */
    public List<JsonNode> list(String kind, String namespace, String query) {
        String list = admin.raw(path(kind, namespace) + "?" + query);
        return Json.objects(Json.parse(String.valueOf(list)), "items")
                .<JsonNode>map(TestCluster::withoutManagers)
                .toList();
    }

    private static String path(String kind, String namespace) {
        String word = kind.toLowerCase(Locale.ROOT);
        String group = GROUPS.get(word);
        if (group == null) {
            throw new AssertionError("add " + word + " to TestCluster.GROUPS");
        }
        String plural = word.endsWith("y") ? word.substring(0, word.length() - 1) + "ies" : word + "s";
        boolean everywhere = namespace.isEmpty() || CLUSTER_SCOPED.contains(word);
        return group + (everywhere ? "" : "/namespaces/" + namespace) + "/" + plural;
    }

    private static ObjectNode asKubectlShowsIt(String answer) {
        return withoutManagers((ObjectNode) Json.parse(answer));
    }

    private static ObjectNode withoutManagers(ObjectNode object) {
        object.withObject("/metadata").remove("managedFields");
        return object;
    }

    /** Installs the present CRDs of the checkout. Returns when policies can be created. */
    public void installCrds() {
        kubectl("", "apply", "--server-side", "--force-conflicts", "-f", "crds/")
                .ok();
        kubectl("", "wait", "--for=condition=Established", "--timeout=240s", "-f", "crds/")
                .ok();
    }

    /** Creates a namespace with these labels. Its name starts with the prefix. */
    public String namespace(String prefix, Map<String, String> labels) {
        String name = prefix + "-" + NAMESPACES.incrementAndGet();
        admin.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /** Returns a kubeconfig whose only credential is a token of a ServiceAccount, valid for a whole test run. */
    public String kubeconfigOf(String namespace, String serviceAccount) {
        String token = kubectl("", "create", "token", serviceAccount, "--namespace", namespace, "--duration", "12h")
                .ok()
                .out()
                .strip();
        ObjectNode config =
                Json.object().put("apiVersion", "v1").put("kind", "Config").put("current-context", "test");
        ObjectNode context = config.putArray("contexts").addObject().put("name", "test");
        context.putObject("context")
                .put("cluster", "test")
                .put("user", serviceAccount)
                .put("namespace", namespace);
        ObjectNode server = config.putArray("clusters").addObject().put("name", "test");
        server.putObject("cluster")
                .put("server", variable("SIDECAR_CLUSTER_SERVER"))
                .put(
                        "certificate-authority-data",
                        Base64.getEncoder()
                                .encodeToString(read(Path.of(variable("SIDECAR_CLUSTER_CA")))
                                        .getBytes(StandardCharsets.UTF_8)));
        ObjectNode user = config.putArray("users").addObject().put("name", serviceAccount);
        user.putObject("user").put("token", token);
        return Json.text(config);
    }

    /**
     * Waits until the API server knows that a ServiceAccount may do this in its namespace: it learns of new bindings
     * with a delay.
     */
    public void awaitAllowed(String namespace, String serviceAccount, String verb, String group, String resource) {
        SubjectAccessReview asked = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser("system:serviceaccount:" + namespace + ":" + serviceAccount)
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withVerb(verb)
                .withGroup(group)
                .withResource(resource)
                .endResourceAttributes()
                .endSpec()
                .build();
        Awaitility.await()
                .until(() -> Boolean.TRUE.equals(admin.authorization()
                        .v1()
                        .subjectAccessReview()
                        .create(asked)
                        .getStatus()
                        .getAllowed()));
    }

    /** Returns the length of the audit log so far, in bytes. */
    public long auditSize() {
        try {
            return Files.size(auditLog());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the events about a user that the audit log has after this many bytes, in order: every request that the
     * API server has answered.
     */
    public List<JsonNode> audit(long from, String user) {
        // The log of all tests is large: only the requested part is parsed.
        String named = "\"username\":\"" + user + "\"";
        try (InputStream log = Files.newInputStream(auditLog())) {
            log.skipNBytes(from);
            return new BufferedReader(new InputStreamReader(log, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> line.startsWith("{") && line.endsWith("}") && line.contains(named))
                    .<JsonNode>map(Json::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path auditLog() {
        return Path.of(variable("SIDECAR_CLUSTER_AUDIT_LOG"));
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestCluster start(String script) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> script(script, "down", RUN)));
        script(script, "up", RUN).ok();
        Map<String, String> environment = new HashMap<>();
        for (String line : script(script, "env", RUN).ok().out().split("\n", -1)) {
            Matcher matcher = EXPORT.matcher(line);
            if (matcher.matches()) {
                environment.put(matcher.group(1).replace("SIDECAR_NODE_", "SIDECAR_CLUSTER_"), matcher.group(2));
            }
        }
        return new TestCluster(Map.copyOf(environment));
    }

    private static Program.Result script(String script, String verb, String name, String... more) {
        List<String> command = new ArrayList<>(List.of("bash", script, verb, "--name", name));
        command.addAll(List.of(more));
        return Program.run(command, Map.of(), "", Duration.ofMinutes(90));
    }

    private static final class Simulated {
        static final TestCluster CLUSTER = start("tools/cluster");
    }

    private static final class RealNode {
        static final TestCluster CLUSTER = start("tools/node");
    }
}
