package io.sidecaroperator.core.policy.validation;

import static io.sidecaroperator.core.policy.validation.JsonPaths.distinct;
import static io.sidecaroperator.core.policy.validation.JsonPaths.items;
import static io.sidecaroperator.core.policy.validation.JsonPaths.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/** Rules about {@code spec.volumes} and {@code spec.sharedVolumes}. */
public final class VolumeRules {
    /** The volume sources of core/v1 that the schema knows. */
    public static final List<String> SOURCES = List.of(
            "awsElasticBlockStore",
            "azureDisk",
            "azureFile",
            "cephfs",
            "cinder",
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "fc",
            "flexVolume",
            "flocker",
            "gcePersistentDisk",
            "gitRepo",
            "glusterfs",
            "hostPath",
            "image",
            "iscsi",
            "nfs",
            "persistentVolumeClaim",
            "photonPersistentDisk",
            "portworxVolume",
            "projected",
            "quobyte",
            "rbd",
            "scaleIO",
            "secret",
            "storageos",
            "vsphereVolume");

    private static final String PRESENT =
            SOURCES.stream().map(source -> "has(self." + source + ")").collect(Collectors.joining(", ", "[", "]"));

    public static final Rule ONE_SOURCE = Rule.of(
            "OneVolumeSource",
            PRESENT + ".exists_one(x, x)",
            "exactly one volume source must be set (emptyDir, configMap, persistentVolumeClaim or another of core/v1)",
            self -> sources(self) == 1);

    public static final Rule AT_MOST_ONE_SOURCE = Rule.of(
            "OneVolumeSource",
            PRESENT + ".filter(x, x).size() <= 1",
            "at most one volume source may be set",
            self -> sources(self) <= 1);

    public static final Rule UNIQUE_MOUNT_PATHS = Rule.of(
            "UniqueMountPaths",
            "self.all(v, self.exists_one(w, w.mountPath == v.mountPath))",
            "mountPath must not come twice",
            self -> distinct(texts(items(self), "mountPath")));

    public static final Rule UNIQUE_ENV_VARS = Rule.of(
            "UniqueEnvVars",
            "self.all(v, !has(v.envVar) || self.exists_one(w, has(w.envVar) && w.envVar == v.envVar))",
            "envVar must not come twice",
            self -> distinct(texts(items(self), "envVar")));

    static final List<Rule> ALL = List.of(ONE_SOURCE, AT_MOST_ONE_SOURCE, UNIQUE_MOUNT_PATHS, UNIQUE_ENV_VARS);

    private VolumeRules() {}

    private static long sources(JsonNode volume) {
        return SOURCES.stream().filter(volume::has).count();
    }
}
