package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.PolicyCompiler;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Random pod templates and policies over a small vocabulary, so that names, paths and values often collide. The same
 * seed gives the same world.
 */
public final class RandomWorld {
    /** How unusual a template may be. */
    public enum Shape {
        /**
         * Everything that JSON allows: unknown fields, nulls, empty lists and maps, exotic numbers, and sometimes
         * nonsense.
         */
        WILD,
        /** What a real API server accepts. */
        VALID
    }

    static final String NAMESPACE = "shop";
    private static final List<String> APPS = List.of("app", "web", "worker", "cache", "api");
    private static final List<String> INITS = List.of("migrate", "seed", "fetch");
    private static final List<String> SIDECARS =
            List.of("log-collector", "proxy", "sync", "metrics", "auth", "prepare", "mesh", "tail");
    private static final List<String> VOLUMES = List.of("app-logs", "data", "conf", "scratch", "tls");
    private static final List<String> PATHS =
            List.of("/var/log/app", "/data", "/etc/conf", "/var/cache/app", "/tls", "/work");
    private static final List<String> ENV = List.of("LOG_DIR", "DATA_DIR", "PROXY", "LEVEL", "MODE", "ZONE");
    private static final List<String> IPS = List.of("10.0.0.7", "192.0.2.1", "fd00::7");
    private static final List<String> QUANTITIES = List.of("100m", "0.1", "1", "2", "128Mi", "1Gi", "1500m", "64Mi");

    private final Random random;
    private final Shape shape;

    public RandomWorld(long seed, Shape shape) {
        this.random = new Random(seed);
        this.shape = shape;
    }

    /** A pod template. */
    public ObjectNode template() {
        ObjectNode root = Json.object();
        if (shape == Shape.VALID || chance(95)) {
            root.set("metadata", metadata());
        } else if (chance(30)) {
            root.set("metadata", chance(50) ? Json.MAPPER.nullNode() : Json.object());
        }
        ObjectNode spec = root.putObject("spec");
        List<Runnable> fields = new ArrayList<>(List.of(
                () -> spec.set("containers", containers(APPS, 1 + random.nextInt(3), false)),
                () -> optionalList(spec, "initContainers", 35, () -> containers(INITS, 1 + random.nextInt(2), true)),
                () -> optionalList(spec, "imagePullSecrets", 15, this::pullSecrets),
                () -> optionalList(spec, "hostAliases", 15, this::hostAliases)));
        if (chance(7)) {
            fields.add(() -> spec.put("hostNetwork", true));
        }
        if (chance(15)) {
            fields.add(() ->
                    spec.put("restartPolicy", shape == Shape.VALID ? "Always" : pick(List.of("Never", "OnFailure"))));
        }
        if (shape == Shape.WILD) {
            fields.add(() -> noise(spec));
        }
        if (chance(35)) {
            fields.add(() -> spec.set("terminationGracePeriodSeconds", gracePeriod()));
        }
        java.util.Collections.shuffle(fields, random);
        fields.forEach(Runnable::run);
        volumes(spec);
        if (shape == Shape.WILD && chance(2)) {
            nonsense(spec);
        }
        noise(root);
        return root;
    }

    /** The input for a workload with this template. */
    public Input input(ObjectNode template) {
        Map<String, String> labels = new HashMap<>(Map.of("team", "a"));
        if (chance(3)) {
            labels.put("sidecar-operator.io/inject", "false");
        }
        if (shape == Shape.WILD && chance(6)) {
            labels.put("pod-security.kubernetes.io/enforce", pick(List.of("baseline", "restricted", "restricted")));
        }
        KubernetesVersion server =
                shape == Shape.WILD && chance(8) ? new KubernetesVersion(1, 28) : KubernetesVersion.NEWEST;
        return Input.ofTemplate(
                        new WorkloadRef(
                                "apps",
                                pick(List.of("Deployment", "Deployment", "StatefulSet")),
                                NAMESPACE,
                                pick(APPS)),
                        new Input.InNamespace(labels, chance(2), limitRanges()),
                        template,
                        server,
                        trigger())
                .withClaimNames(chance(5) ? Set.of(pick(VOLUMES)) : Set.of());
    }

    private List<ObjectNode> limitRanges() {
        return shape == Shape.WILD && chance(5)
                ? List.of(
                        (ObjectNode)
                                Json.parse(
                                        "{\"limits\":[{\"type\":\"Container\",\"max\":{\"cpu\":\"400m\"},\"default\":{\"cpu\":\"400m\"}}]}"))
                : List.of();
    }

    private Trigger trigger() {
        return switch (random.nextInt(11)) {
            case 0 ->
                new Trigger.Resync(
                        Trigger.PermittedPolicies.ofAllBut(Set.of(new PolicyKey(NAMESPACE, "policy-a"))),
                        Set.of(new PolicyKey(NAMESPACE, "policy-b")));
            case 10 -> new Trigger.Resync(Trigger.PermittedPolicies.of(Set.of()), Set.of());
            case 1 -> new Trigger.Create();
            case 2, 3, 4 -> new Trigger.Offline();
            default -> Trigger.Resync.FREELY;
        };
    }

    /** One to three policies of the namespace, by their names. */
    public List<ObjectNode> policies() {
        List<ObjectNode> policies = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            policies.add(policy("policy-" + (char) ('a' + i)));
        }
        return policies;
    }

    /** A policy object. */
    public ObjectNode policy(String name) {
        ObjectNode policy =
                Json.object().put("apiVersion", "sidecar-operator.io/v1alpha1").put("kind", "SidecarPolicy");
        policy.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
        ObjectNode spec = policy.putObject("spec");
        spec.set("selector", selector());
        if (chance(10)) {
            policy.put("kind", "ClusterSidecarPolicy").withObject("/metadata").remove("namespace");
            if (chance(50)) {
                spec.putObject("namespaceSelector").putObject("matchLabels").put("team", chance(80) ? "a" : "b");
            }
        }
        if (chance(10)) {
            spec.put("priority", random.nextInt(5));
        }
        if (chance(20)) {
            spec.put("hostNetwork", "Inject");
        }
        if (chance(10)) {
            spec.putObject("workloads").putArray(chance(50) ? "kinds" : "names").add(chance(50) ? "Deployment" : "w*");
        }
        List<String> volumes = sharedVolumes(spec);
        sidecars(spec, volumes);
        if (chance(60)) {
            spec.set("appContainers", appContainers(volumes));
        }
        if (chance(25)) {
            ObjectNode metadata = spec.putObject("podMetadata");
            metadata.putObject("labels").put("logs", pick(List.of("on", "off")));
            metadata.putObject("annotations").put("prometheus.io/port", pick(List.of("9090", "2020")));
        }
        if (chance(20)) {
            spec.putArray("imagePullSecrets").addObject().put("name", pick(List.of("regcred", "mirror")));
        }
        if (chance(25)) {
            spec.set("hostAliases", hostAliases());
        }
        if (chance(12)) {
            spec.put("injection", "Pod");
        }
        if (chance(35)) {
            spec.put("terminationGracePeriodSeconds", pick(List.of(20, 30, 31, 60, 60, 90)));
        }
        if (chance(60)) {
            ArrayNode allow = spec.putObject("overrides").putArray("allow");
            List.of("resources", "image", "env").stream()
                    .filter(part -> chance(70))
                    .forEach(allow::add);
        }
        intentions(policy, spec);
        return policy;
    }

    /** The present mode and rollout settings of the policy, and its revisions in status. */
    private void intentions(ObjectNode policy, ObjectNode spec) {
        switch (random.nextInt(30)) {
            case 0, 1 -> spec.put("mode", "Audit");
            case 2 -> spec.putObject("rollout").put("paused", true);
            case 3 -> spec.putObject("rollout").put("strategy", "OnNextRollout");
            default -> spec.remove("rollout");
        }
        ObjectNode status = policy.putObject("status");
        String revision = PolicyCompiler.revision(spec);
        if (chance(70)) {
            status.put("provenRevision", chance(80) ? revision : "0123456789");
        }
        if (chance(5)) {
            status.put("failedRevision", revision);
        }
    }

    /** An override annotation: usually readable, and for sidecars that may exist. */
    public String override() {
        if (chance(8)) {
            return pick(List.of("", "{", "[]", "null", "{\"proxy\": {}, \"proxy\": {}}", "image: x"));
        }
        ObjectNode override = Json.object();
        for (int i = 0; i <= random.nextInt(4); i++) {
            override.set(pick(SIDECARS), chance(4) ? Json.array() : sidecarOverride());
        }
        return Json.text(override);
    }

    private ObjectNode sidecarOverride() {
        ObjectNode fields = Json.object();
        if (chance(50)) {
            fields.put("image", chance(90) ? "example/other:7" : "no image");
        }
        if (chance(60)) {
            fields.putObject("resources")
                    .putObject(pick(List.of("requests", "limits")))
                    .put(pick(List.of("cpu", "memory")), chance(90) ? pick(QUANTITIES) : "much");
        }
        if (chance(50)) {
            ArrayNode env = fields.putArray("env");
            env.addObject().put("name", pick(ENV)).put("value", "own");
            ObjectNode second = env.addObject().put("name", pick(ENV));
            switch (random.nextInt(4)) {
                case 0 -> second.put("value", 1);
                case 1 -> second.put("secret", "x");
                default -> second.putObject("valueFrom").putObject("fieldRef").put("fieldPath", "metadata.name");
            }
        }
        if (chance(10)) {
            fields.putArray("command").add("sh");
        }
        return fields;
    }

    private JsonNode gracePeriod() {
        if (shape == Shape.WILD && chance(40)) {
            return pick(List.of(Json.MAPPER.nullNode(), Json.parse("30.0"), Json.parse("\"30\""), Json.array()));
        }
        return Json.parse(pick(List.of("30", "30", "10", "45", "60", "90", "0")));
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private ObjectNode selector() {
        ObjectNode selector = Json.object();
        switch (random.nextInt(4)) {
            case 0 -> selector.putObject("matchLabels").put("app", "x");
            case 1 ->
                selector.putArray("matchExpressions")
                        .addObject()
                        .put("key", "tier")
                        .put("operator", "In")
                        .putArray("values")
                        .add("front")
                        .add("back");
            default -> selector.removeAll();
        }
        return selector;
    }

    private List<String> sharedVolumes(ObjectNode spec) {
        List<String> names = new ArrayList<>();
        if (chance(75)) {
            ArrayNode list = spec.putArray("sharedVolumes");
            for (int i = 0; i <= random.nextInt(2); i++) {
                int which = random.nextInt(VOLUMES.size());
                if (names.contains(VOLUMES.get(which))) {
                    continue;
                }
                ObjectNode volume =
                        list.addObject().put("name", VOLUMES.get(which)).put("mountPath", PATHS.get(which));
                names.add(VOLUMES.get(which));
                if (chance(60)) {
                    volume.put("envVar", ENV.get(which));
                }
                if (chance(50)) {
                    volume.putObject("emptyDir").put("sizeLimit", "1Gi");
                }
                if (chance(40)) {
                    volume.put("sidecarReadOnly", chance(80));
                }
            }
        }
        if (chance(20)) {
            spec.putArray("volumes").addObject().put("name", "buffer").putObject("emptyDir");
            names.add("buffer");
        }
        return names;
    }

    private void sidecars(ObjectNode spec, List<String> volumes) {
        ArrayNode list = spec.putArray("sidecars");
        Map<String, ObjectNode> chosen = new LinkedHashMap<>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            chosen.put(pick(SIDECARS), Json.object());
        }
        chosen.forEach((name, sidecar) -> {
            list.add(sidecar);
            sidecar.put("name", name).put("image", "example/" + name + ":1");
            if (chance(40)) {
                sidecar.put("type", pick(List.of("Native", "Container", "Init", "Native")));
            }
            if (chance(15)) {
                ObjectNode placement = sidecar.putObject("placement");
                switch (random.nextInt(3)) {
                    case 0 -> placement.put("position", pick(List.of("First", "Last")));
                    case 1 -> placement.put("before", pick(chance(50) ? APPS : INITS));
                    default -> placement.put("after", pick(chance(50) ? APPS : INITS));
                }
            }
            if (chance(40)) {
                sidecar.putObject("resources")
                        .putObject(pick(List.of("requests", "limits")))
                        .put("cpu", "150m")
                        .put("memory", "200Mi");
            }
            if (chance(40)) {
                ArrayNode env = sidecar.putArray("env");
                env.addObject().put("name", pick(ENV)).put("value", chance(30) ? "" : "x");
                env.addObject()
                        .put("name", "NODE")
                        .putObject("valueFrom")
                        .putObject("fieldRef")
                        .put("fieldPath", "spec.nodeName");
            }
            if (chance(30) && !"Init".equals(Json.textAt(sidecar, "type"))) {
                sidecar.set("livenessProbe", probe());
            }
            if (chance(20) && !volumes.isEmpty()) {
                sidecar.putArray("volumeMounts")
                        .addObject()
                        .put("name", pick(volumes))
                        .put("mountPath", "/own");
            }
            if (chance(20)) {
                sidecar.putObject("securityContext")
                        .put("readOnlyRootFilesystem", false)
                        .put("runAsUser", 1000);
            }
            if (shape == Shape.WILD && chance(10)) {
                sidecar.putObject("futureField").put("x", 1);
            }
        });
    }

    private ObjectNode appContainers(List<String> volumes) {
        ObjectNode apps = Json.object();
        if (chance(15)) {
            apps.putArray("include").add(pick(List.of("app", "w*", "*")));
        }
        if (chance(15)) {
            apps.putArray("exclude").add("cache");
        }
        if (chance(30)) {
            apps.put("initContainers", true);
        }
        if (chance(40)) {
            ObjectNode env = apps.putArray("env").addObject().put("name", pick(List.of("TRACE", "EXTRA", "MODE")));
            if (chance(50)) {
                env.put("value", pick(List.of("1", "on")));
            } else {
                env.putObject("valueFrom").putObject("fieldRef").put("fieldPath", "metadata.name");
            }
        }
        if (chance(25)) {
            apps.putArray("envFrom").addObject().putObject("configMapRef").put("name", pick(List.of("common", "more")));
        }
        if (chance(25) && !volumes.isEmpty()) {
            apps.putArray("volumeMounts")
                    .addObject()
                    .put("name", pick(volumes))
                    .put("mountPath", pick(List.of("/x", "/y", "/data/in")));
        }
        if (chance(40)) {
            ObjectNode defaults = apps.putObject("defaults");
            if (chance(70)) {
                defaults.putObject("resources").putObject("limits").put("cpu", pick(QUANTITIES.subList(0, 4)));
            }
            if (chance(50)) {
                defaults.set(pick(List.of("livenessProbe", "readinessProbe", "startupProbe")), probe());
            }
        }
        return apps;
    }

    private ObjectNode probe() {
        ObjectNode probe = Json.object();
        switch (random.nextInt(3)) {
            case 0 -> probe.putObject("httpGet").put("path", "/healthz").put("port", 8080);
            case 1 -> probe.putObject("tcpSocket").put("port", 8080);
            default -> probe.putObject("exec").putArray("command").add("true");
        }
        if (chance(30)) {
            probe.put("periodSeconds", 10);
        }
        return probe;
    }

    private JsonNode metadata() {
        ObjectNode metadata = Json.object();
        ObjectNode labels = metadata.putObject("labels").put("app", "x");
        if (chance(60)) {
            labels.put("tier", pick(List.of("front", "back", "data")));
        }
        if (chance(10)) {
            labels.put("logs", "mine");
        }
        if (chance(3)) {
            labels.put("sidecar-operator.io/inject", "false");
        }
        if (chance(30)) {
            ObjectNode annotations = metadata.putObject("annotations").put("note", "grüße \u2028 \"q\" \\ /");
            if (shape == Shape.WILD && chance(4)) {
                annotations.put("kubernetes.io/config.mirror", "abc");
            }
            if (chance(10)) {
                annotations.put("prometheus.io/port", "1");
            }
        } else if (shape == Shape.WILD && chance(20)) {
            metadata.set("annotations", chance(50) ? Json.object() : Json.MAPPER.nullNode());
        }
        if (shape == Shape.WILD && chance(1)) {
            metadata.withObject("/annotations").put("kubernetes.io/config.mirror", "abc");
        }
        if (chance(20) && !metadata.path("annotations").isNull()) {
            metadata.withObject("/annotations").put(WorkloadOverrides.ANNOTATION, override());
        }
        noise(metadata);
        return metadata;
    }

    private ArrayNode containers(List<String> vocabulary, int count, boolean init) {
        List<String> names = new ArrayList<>(vocabulary);
        java.util.Collections.shuffle(names, random);
        ArrayNode list = Json.array();
        for (String name : names.subList(0, Math.min(count, names.size()))) {
            String used = chance(2) ? pick(SIDECARS) : name;
            if (list.valueStream().anyMatch(item -> used.equals(Json.textAt(item, "name")))) {
                continue;
            }
            ObjectNode container = list.addObject();
            if (shape == Shape.WILD && chance(20)) {
                container.put("image", "example/app:2");
                container.put("name", used);
            } else {
                container.put("name", used).put("image", "example/app:2");
            }
            env(container);
            mounts(container);
            if (chance(25)) {
                container.putObject("resources").putObject("requests").put("cpu", pick(QUANTITIES.subList(0, 3)));
            } else if (shape == Shape.WILD && chance(30)) {
                container.set("resources", chance(70) ? Json.object() : Json.MAPPER.nullNode());
            }
            if (!init && chance(15)) {
                container.set("livenessProbe", probe());
            }
            if (init && chance(20)) {
                container.put("restartPolicy", "Always");
            }
            noise(container);
        }
        return list;
    }

    private void env(ObjectNode container) {
        if (chance(40)) {
            ArrayNode env = container.putArray("env");
            for (int i = 0; i <= random.nextInt(2); i++) {
                env.addObject()
                        .put("name", pick(ENV) + (chance(60) ? "_OWN" : ""))
                        .put("value", "v");
            }
        } else if (shape == Shape.WILD && chance(20)) {
            container.set("env", chance(50) ? Json.array() : Json.MAPPER.nullNode());
        }
        if (chance(8)) {
            container.putArray("envFrom").addObject().putObject("configMapRef").put("name", "common");
        }
    }

    private void mounts(ObjectNode container) {
        if (chance(35)) {
            int which = random.nextInt(VOLUMES.size());
            ObjectNode mount = container.putArray("volumeMounts").addObject();
            mount.put("name", "own-" + VOLUMES.get(which));
            String path = chance(40) ? PATHS.get(which) : "/opt/" + which;
            mount.put("mountPath", chance(10) ? "/var/log" : chance(10) && shape == Shape.WILD ? path + "/" : path);
            if (chance(15)) {
                mount.put("readOnly", true);
            }
            if (chance(15)) {
                mount.put("subPath", "sub");
            } else if (chance(5)) {
                mount.put("subPathExpr", "$(NAME)");
                container
                        .withArrayProperty("env")
                        .addObject()
                        .put("name", "NAME")
                        .put("value", "n");
            }
        } else if (shape == Shape.WILD && chance(20)) {
            container.set("volumeMounts", Json.array());
        }
    }

    /** Every volume that a container mounts, and sometimes one that no container mounts. */
    private void volumes(ObjectNode spec) {
        Set<String> names = new java.util.LinkedHashSet<>();
        for (String list : List.of("initContainers", "containers")) {
            Json.objects(spec, list)
                    .flatMap(container -> Json.objects(container, "volumeMounts"))
                    .forEach(mount -> names.add(String.valueOf(Json.textAt(mount, "name"))));
        }
        if (chance(5)) {
            names.add(pick(VOLUMES));
        }
        if (!names.isEmpty()) {
            ArrayNode volumes = spec.putArray("volumes");
            names.forEach(name -> volumes.addObject().put("name", name).putObject("emptyDir"));
        } else if (shape == Shape.WILD && chance(20)) {
            spec.set("volumes", chance(50) ? Json.array() : Json.MAPPER.nullNode());
        }
    }

    private ArrayNode pullSecrets() {
        ArrayNode list = Json.array();
        list.addObject().put("name", pick(List.of("regcred", "own")));
        return list;
    }

    /** One or two, each for another IP. */
    private ArrayNode hostAliases() {
        ArrayNode list = Json.array();
        List<String> ips = new ArrayList<>(IPS);
        java.util.Collections.shuffle(ips, random);
        for (String ip : ips.subList(0, 1 + random.nextInt(2))) {
            ObjectNode alias = list.addObject().put("ip", ip);
            alias.putArray("hostnames").add(pick(List.of("db.internal", "cache.internal")));
            noise(alias);
        }
        return list;
    }

    private void optionalList(ObjectNode parent, String key, int percent, java.util.function.Supplier<ArrayNode> list) {
        if (chance(percent)) {
            parent.set(key, list.get());
        } else if (shape == Shape.WILD && chance(15)) {
            parent.set(key, chance(50) ? Json.array() : Json.MAPPER.nullNode());
        }
    }

    private void nonsense(ObjectNode spec) {
        switch (random.nextInt(6)) {
            case 0 -> spec.put("containers", "none");
            case 1 -> spec.putArray("volumes").add(7);
            case 2 -> spec.remove("containers");
            case 3 -> spec.withArrayProperty("initContainers").addObject().put("image", "nameless");
            case 4 -> Json.objects(spec, "containers").forEach(container -> container.put("env", 1));
            default -> spec.putArray("containers").addObject().put("name", "a");
        }
    }

    /** Fields that Kubernetes does not know, with values that are easily lost. */
    private void noise(ObjectNode node) {
        if (shape == Shape.VALID || !chance(25)) {
            return;
        }
        ObjectNode noise = node.putObject("x-" + pick(List.of("new", "ünïcode", "a/b", "a~b", "")));
        noise.set(
                "number",
                pick(List.of(
                        Json.parse("1.0"),
                        Json.parse("1e3"),
                        Json.parse("0.10"),
                        Json.parse("-0.0"),
                        Json.parse("123456789012345678901234567890"),
                        Json.parse("1E-7"))));
        noise.put("decimal", new BigDecimal("3.1400"));
        noise.putArray("list").addArray();
        noise.putObject("map");
        noise.putNull("nothing");
        noise.put("text", "☃ \u0000 \uD83D\uDE00");
        noise.put("false", false);
    }
}
