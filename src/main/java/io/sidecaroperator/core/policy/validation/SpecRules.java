package io.sidecaroperator.core.policy.validation;

import static io.sidecaroperator.core.policy.validation.JsonPaths.distinct;
import static io.sidecaroperator.core.policy.validation.JsonPaths.items;
import static io.sidecaroperator.core.policy.validation.JsonPaths.text;
import static io.sidecaroperator.core.policy.validation.JsonPaths.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Rules about how the parts of a policy fit together. All of them are declared at {@code spec}. */
public final class SpecRules {
    private static final String VOLUME_M_EXISTS = "((has(self.volumes) && self.volumes.exists(v, v.name == m.name))"
            + " || (has(self.sharedVolumes) && self.sharedVolumes.exists(v, v.name == m.name)))";
    private static final String PATH_M_IS_FREE = "self.sharedVolumes.all(v, v.mountPath != m.mountPath)";
    private static final String NAME_E_IS_FREE = "self.sharedVolumes.all(v, !has(v.envVar) || v.envVar != e.name)";

    public static final Rule ADDS_SOMETHING = Rule.of(
            "AddsSomething",
            "(has(self.sidecars) && self.sidecars.size() > 0)"
                    + " || (has(self.sharedVolumes) && self.sharedVolumes.size() > 0)"
                    + " || (has(self.imagePullSecrets) && self.imagePullSecrets.size() > 0)"
                    + " || (has(self.hostAliases) && self.hostAliases.size() > 0)"
                    + " || has(self.terminationGracePeriodSeconds)"
                    + " || (has(self.podMetadata) && ((has(self.podMetadata.labels) && self.podMetadata.labels.size() > 0)"
                    + " || (has(self.podMetadata.annotations) && self.podMetadata.annotations.size() > 0)))"
                    + " || (has(self.appContainers) && (has(self.appContainers.defaults)"
                    + " || (has(self.appContainers.env) && self.appContainers.env.size() > 0)"
                    + " || (has(self.appContainers.envFrom) && self.appContainers.envFrom.size() > 0)"
                    + " || (has(self.appContainers.volumeMounts) && self.appContainers.volumeMounts.size() > 0)))",
            "the policy adds nothing: give it sidecars, sharedVolumes, appContainers, podMetadata, imagePullSecrets,"
                    + " hostAliases or terminationGracePeriodSeconds",
            SpecRules::addsSomething);

    public static final Rule UNIQUE_VOLUME_NAMES = new Rule(
            "UniqueVolumeNames",
            "!has(self.volumes) || !has(self.sharedVolumes)"
                    + " || self.volumes.all(v, self.sharedVolumes.all(s, s.name != v.name))",
            "names must not be those of sharedVolumes",
            "volumes",
            self -> disjoint(texts(items(self, "volumes"), "name"), texts(items(self, "sharedVolumes"), "name")));

    public static final Rule SIDECAR_MOUNTS = new Rule(
            "MountedVolume",
            "!has(self.sidecars) || self.sidecars.all(c, !has(c.volumeMounts) || c.volumeMounts.all(m, "
                    + VOLUME_M_EXISTS + "))",
            "volumeMounts must name volumes of this policy (volumes or sharedVolumes)",
            "sidecars",
            self -> volumeNames(self).containsAll(texts(ofSidecars(self, "volumeMounts"), "name")));

    public static final Rule APP_MOUNTS = new Rule(
            "MountedVolume",
            "!has(self.appContainers) || !has(self.appContainers.volumeMounts)"
                    + " || self.appContainers.volumeMounts.all(m, " + VOLUME_M_EXISTS + ")",
            "must name volumes of this policy (volumes or sharedVolumes)",
            "appContainers.volumeMounts",
            self -> volumeNames(self).containsAll(texts(items(self.path("appContainers"), "volumeMounts"), "name")));

    public static final Rule SIDECAR_MOUNT_PATHS = new Rule(
            "MountPathTaken",
            "!has(self.sidecars) || !has(self.sharedVolumes) || self.sidecars.all(c, !has(c.volumeMounts)"
                    + " || c.volumeMounts.all(m, self.sharedVolumes.all(v, v.mountPath != m.mountPath"
                    + " || v.name == m.name)))",
            "volumeMounts must not mount another volume at the mountPath of a shared volume",
            "sidecars",
            self -> items(self, "sharedVolumes")
                    .allMatch(volume -> ofSidecars(self, "volumeMounts")
                            .filter(mount -> same(mount, volume, "mountPath"))
                            .allMatch(mount -> same(mount, volume, "name"))));

    public static final Rule APP_MOUNT_PATHS = new Rule(
            "MountPathTaken",
            "!has(self.appContainers) || !has(self.appContainers.volumeMounts) || !has(self.sharedVolumes)"
                    + " || self.appContainers.volumeMounts.all(m, " + PATH_M_IS_FREE + ")",
            "must not use the mountPath of a shared volume: the app's containers have it mounted there already",
            "appContainers.volumeMounts",
            self -> disjoint(
                    texts(items(self.path("appContainers"), "volumeMounts"), "mountPath"),
                    texts(items(self, "sharedVolumes"), "mountPath")));

    public static final Rule APP_ENV = new Rule(
            "EnvVarTaken",
            "!has(self.appContainers) || !has(self.appContainers.env) || !has(self.sharedVolumes)"
                    + " || self.appContainers.env.all(e, " + NAME_E_IS_FREE + ")",
            "must not set the envVar of a shared volume: the app's containers have it already",
            "appContainers.env",
            self -> disjoint(
                    texts(items(self.path("appContainers"), "env"), "name"),
                    texts(items(self, "sharedVolumes"), "envVar")));

    public static final Rule SIDECAR_PORTS = new Rule(
            "PortTaken",
            "!has(self.sidecars) || self.sidecars.all(a, !has(a.ports) || (has(a.type) && a.type == 'Init')"
                    + " || a.ports.all(p, self.sidecars.all(b, b.name == a.name || !has(b.ports)"
                    + " || (has(b.type) && b.type == 'Init') || b.ports.all(q, q.containerPort != p.containerPort"
                    + " || (has(q.protocol) ? q.protocol : 'TCP') != (has(p.protocol) ? p.protocol : 'TCP')))))",
            "two sidecars must not have the same containerPort: the containers of a pod share its ports",
            "sidecars",
            SpecRules::portsAreApart);

    public static final Rule PLACEMENT_OF_APP = new Rule(
            "PlacementTarget",
            "!has(self.sidecars) || self.sidecars.all(c, !has(c.placement) || self.sidecars.all(d,"
                    + " (!has(c.placement.before) || c.placement.before != d.name)"
                    + " && (!has(c.placement.after) || c.placement.after != d.name)))",
            "placement must name a container of the app: the sidecars of a policy keep the order of this list",
            "sidecars",
            SpecRules::placementsNameNoSidecar);

    public static final List<Rule> ALL = List.of(
            ADDS_SOMETHING,
            UNIQUE_VOLUME_NAMES,
            SIDECAR_MOUNTS,
            APP_MOUNTS,
            SIDECAR_MOUNT_PATHS,
            APP_MOUNT_PATHS,
            APP_ENV,
            SIDECAR_PORTS,
            PLACEMENT_OF_APP);

    private SpecRules() {}

    private static boolean addsSomething(JsonNode spec) {
        JsonNode app = spec.path("appContainers");
        JsonNode metadata = spec.path("podMetadata");
        return app.has("defaults")
                || spec.has("terminationGracePeriodSeconds")
                || Stream.of(
                                spec.path("sidecars"),
                                spec.path("sharedVolumes"),
                                spec.path("imagePullSecrets"),
                                spec.path("hostAliases"),
                                metadata.path("labels"),
                                metadata.path("annotations"),
                                app.path("env"),
                                app.path("envFrom"),
                                app.path("volumeMounts"))
                        .anyMatch(part -> !part.isEmpty());
    }

    private static boolean portsAreApart(JsonNode spec) {
        return distinct(items(spec, "sidecars")
                .filter(sidecar -> !text(sidecar, "type").orElse("").equals("Init"))
                .flatMap(sidecar -> items(sidecar, "ports")
                        .map(ContainerRules::port)
                        .flatMap(Optional::stream)
                        .distinct())
                .toList());
    }

    private static boolean placementsNameNoSidecar(JsonNode spec) {
        List<String> names = texts(items(spec, "sidecars"), "name");
        return items(spec, "sidecars")
                .map(sidecar -> sidecar.path("placement"))
                .flatMap(placement ->
                        Stream.concat(text(placement, "before").stream(), text(placement, "after").stream()))
                .noneMatch(names::contains);
    }

    private static Set<String> volumeNames(JsonNode spec) {
        Set<String> names = new HashSet<>(texts(items(spec, "volumes"), "name"));
        names.addAll(texts(items(spec, "sharedVolumes"), "name"));
        return names;
    }

    private static Stream<JsonNode> ofSidecars(JsonNode spec, String key) {
        return items(spec, "sidecars").flatMap(sidecar -> items(sidecar, key));
    }

    private static boolean same(JsonNode one, JsonNode other, String key) {
        return text(one, key).isPresent() && text(one, key).equals(text(other, key));
    }

    private static boolean disjoint(List<String> some, List<String> others) {
        return some.stream().noneMatch(others::contains);
    }
}
