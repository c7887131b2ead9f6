package io.sidecaroperator.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cli.page.Pod.Container;
import io.sidecaroperator.cli.page.Pod.Line;
import io.sidecaroperator.cli.page.Pod.Volume;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Receipt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a {@link Pod} from a template. Parts that the user's own template does not have were added. */
final class PodReader {
    private final PodTemplate pod;
    private final PodTemplate own;
    private final Set<String> claims;
    private final Attributions attributions;

    private PodReader(ObjectNode template, Injection injection, Attributions attributions) {
        this.pod = new PodTemplate(template);
        this.own = new PodTemplate(injection.stripped());
        this.claims = new TreeSet<>(injection.input().claimNames());
        this.attributions = attributions;
    }

    /** Returns the user's own pod. */
    static Pod before(Injection injection, Attributions attributions) {
        return new PodReader(injection.stripped(), injection, attributions).read();
    }

    /** Returns the pod that the policies want. */
    static Pod after(Injection injection, Attributions attributions) {
        return new PodReader(injection.template(), injection, attributions).read();
    }

    private Pod read() {
        List<Container> init = pod.initContainers()
                .map(container -> container(container, Place.INIT_CONTAINERS, initRole(container)))
                .toList();
        List<Container> containers = pod.containers()
                .map(container -> container(container, Place.CONTAINERS, "container"))
                .toList();
        return new Pod(podLines(), init, containers, volumes(Stream.concat(init.stream(), containers.stream())));
    }

    private static String initRole(ObjectNode container) {
        return "Always".equals(Json.textAt(container, "restartPolicy")) ? "native sidecar" : "init container";
    }

    private List<Line> podLines() {
        return Stream.of(Place.values()).flatMap(this::podLines).toList();
    }

    /** Returns what was added at one place of the pod, except what the drawing shows as a box. */
    private Stream<Line> podLines(Place place) {
        return switch (place) {
            case LABELS -> metadata(place, "label ", pod.labels(), own.labels());
            case ANNOTATIONS -> metadata(place, "annotation ", pod.annotations(), own.annotations());
            case PULL_SECRETS -> elements(place, secret -> "image pull secret " + text(secret, "name"));
            case HOST_ALIASES -> elements(place, PodReader::hostAlias);
            case GRACE_PERIOD -> gracePeriod(place);
            case CONTAINERS, INIT_CONTAINERS, VOLUMES, MOUNTS, ENV, ENV_FROM, DEFAULTS -> Stream.empty();
        };
    }

    private Stream<Line> metadata(Place map, String word, Map<String, String> all, Map<String, String> before) {
        return all.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(entry -> entry.getKey().equals(Receipt.ANNOTATION)
                        ? Line.of("annotation " + entry.getKey() + ": how to undo it all", new Attribution(true, ""))
                        : Line.of(
                                word + entry.getKey() + ": " + entry.getValue(),
                                attributions.ofPod(map, entry.getKey())));
    }

    private Stream<Line> elements(Place list, Function<ObjectNode, String> words) {
        Set<String> before =
                Json.objects(own.spec(), list.key()).map(list::keyOf).collect(Collectors.toSet());
        return Json.objects(pod.spec(), list.key())
                .filter(element -> !before.contains(list.keyOf(element)))
                .map(element -> Line.of(words.apply(element), attributions.ofPod(list, list.keyOf(element))));
    }

    private static String hostAlias(ObjectNode alias) {
        String hostnames = join(alias.path("hostnames").valueStream().map(JsonNode::asText));
        return "host alias " + text(alias, "ip") + " for " + hostnames;
    }

    private Stream<Line> gracePeriod(Place place) {
        JsonNode seconds = pod.spec().path(place.key());
        return seconds.equals(own.spec().path(place.key()))
                ? Stream.empty()
                : Stream.of(Line.of(
                        "grace period " + seconds.asText() + " seconds", attributions.ofPod(place, place.key())));
    }

    private Container container(ObjectNode container, Place list, String role) {
        String name = text(container, "name");
        ObjectNode mine = Json.named(own.spec(), list.key(), name).orElse(null);
        PodPart part = new PodPart(name, container, mine == null ? container : mine);
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of("image " + text(container, "image"), Attribution.OWN));
        part.mounts(lines);
        part.env(lines);
        String ports = join(Json.objects(container, "ports")
                .map(port -> port.path("containerPort").asText()));
        if (!ports.isEmpty()) {
            lines.add(Line.of("ports " + ports, Attribution.OWN));
        }
        part.resources(lines);
        part.probes(lines);
        return new Container(name, role, lines, mine == null ? attributions.ofPod(list, name) : Attribution.OWN);
    }

    private List<Volume> volumes(Stream<Container> containers) {
        List<Volume> volumes = new ArrayList<>();
        Set<String> mine = new HashSet<>(own.names("volumes"));
        Set<String> known = new HashSet<>();
        Json.objects(pod.spec(), "volumes").forEach(volume -> {
            String name = text(volume, "name");
            known.add(name);
            volumes.add(new Volume(
                    name,
                    VolumeSource.of(volume),
                    mine.contains(name) ? Attribution.OWN : attributions.ofPod(Place.VOLUMES, name)));
        });
        claims.stream()
                .filter(known::add)
                .forEach(name -> volumes.add(new Volume(name, "claim template", Attribution.OWN)));
        containers
                .flatMap(container -> container.lines().stream())
                .flatMap(line -> line.volume().stream())
                .filter(known::add)
                .forEach(name -> volumes.add(new Volume(name, "not in the template", Attribution.OWN)));
        return volumes;
    }

    private static String text(JsonNode node, String key) {
        return Objects.requireNonNullElse(Json.textAt(node, key), "(none)");
    }

    private static String join(Stream<String> texts) {
        return String.join(", ", texts.toList());
    }

    /** One container, and the same in the user's own template. In an added container, all parts are added. */
    private final class PodPart {
        private final String name;
        private final ObjectNode container;
        private final ObjectNode mine;

        PodPart(String name, ObjectNode container, ObjectNode mine) {
            this.name = name;
            this.container = container;
            this.mine = mine;
        }

        void mounts(List<Line> lines) {
            Set<String> before = keys("volumeMounts", "mountPath");
            Json.objects(container, "volumeMounts").forEach(mount -> {
                String path = text(mount, "mountPath");
                String volume = text(mount, "name");
                String sub = Stream.of("subPath", "subPathExpr")
                        .flatMap(key -> Stream.ofNullable(Json.textAt(mount, key)))
                        .filter(value -> !value.isEmpty())
                        .findFirst()
                        .map(value -> " from " + value)
                        .orElse("");
                String how = sub + (mount.path("readOnly").asBoolean(false) ? ", read-only" : "");
                lines.add(new Line(
                        path + how,
                        "mounts " + volume + " at " + path + how,
                        Optional.of(volume),
                        before.contains(path) ? Attribution.OWN : attributions.ofApp(Place.MOUNTS, name, mount)));
            });
        }

        void env(List<Line> lines) {
            Set<String> before = keys("env", "name");
            String mineOnly = join(
                    Json.objects(container, "env").map(env -> text(env, "name")).filter(before::contains));
            if (!mineOnly.isEmpty()) {
                lines.add(Line.of("env " + mineOnly, Attribution.OWN));
            }
            Json.objects(container, "env")
                    .filter(env -> !before.contains(text(env, "name")))
                    .forEach(env -> lines.add(Line.of(
                            "env " + text(env, "name") + value(env), attributions.ofApp(Place.ENV, name, env))));
            Set<String> sources = new HashSet<>();
            Json.objects(mine, "envFrom").forEach(source -> sources.add(Json.text(source)));
            Json.objects(container, "envFrom").forEach(source -> {
                String text = Json.text(source);
                lines.add(Line.of(
                        "env from " + VolumeSource.ofEnv(source),
                        sources.contains(text) ? Attribution.OWN : attributions.ofApp(Place.ENV_FROM, name, source)));
            });
        }

        void resources(List<Line> lines) {
            String amounts = Amounts.of(container.path("resources"));
            if (!amounts.isEmpty()) {
                boolean before = !Amounts.of(mine.path("resources")).isEmpty();
                lines.add(Line.of(
                        amounts, before ? Attribution.OWN : attributions.ofApp(Place.DEFAULTS, name, "resources")));
            }
        }

        void probes(List<Line> lines) {
            List<String> kept = new ArrayList<>();
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                String words = probe.substring(0, probe.length() - "Probe".length()) + " probe";
                if (Json.isAbsent(container.get(probe))) {
                    continue;
                }
                if (Json.isAbsent(mine.get(probe)) || mine.path(probe).isEmpty()) {
                    lines.add(Line.of(words, attributions.ofApp(Place.DEFAULTS, name, probe)));
                } else {
                    kept.add(words);
                }
            }
            if (!kept.isEmpty()) {
                lines.add(Line.of(String.join(", ", kept), Attribution.OWN));
            }
        }

        private Set<String> keys(String list, String key) {
            return new HashSet<>(
                    Json.objects(mine, list).map(item -> text(item, key)).toList());
        }

        private String value(ObjectNode env) {
            String value = Json.textAt(env, "value");
            if (value != null) {
                return "=" + value;
            }
            Function<JsonNode, String> first =
                    node -> node.fieldNames().hasNext() ? node.fieldNames().next() : "";
            String source = first.apply(env.path("valueFrom"));
            return source.isEmpty() ? "" : " (" + source + ")";
        }
    }
}
