package io.sidecaroperator.core.podsecurity;

import java.util.Map;

/** A level in a version: what a namespace enforces, written {@code restricted:latest}. */
public record PodSecurityStandard(PodSecurityLevel level, PodSecurityVersion version) {
    /** The namespace label whose level the API server enforces. */
    public static final String ENFORCE = "pod-security.kubernetes.io/enforce";

    /** The namespace label that pins the version of that level. */
    public static final String ENFORCE_VERSION = "pod-security.kubernetes.io/enforce-version";

    /**
     * Returns what a namespace with these labels enforces. Like the API server, it takes an unreadable level for
     * {@code restricted} and an unreadable version for {@code latest}. Without a label it is {@code privileged}, the
     * default of a cluster whose admission configuration does not set another.
     */
    public static PodSecurityStandard enforcedBy(Map<String, String> namespaceLabels) {
        String level = namespaceLabels.get(ENFORCE);
        String version = namespaceLabels.get(ENFORCE_VERSION);
        return new PodSecurityStandard(
                level == null
                        ? PodSecurityLevel.PRIVILEGED
                        : PodSecurityLevel.parse(level).orElse(PodSecurityLevel.RESTRICTED),
                version == null
                        ? PodSecurityVersion.LATEST
                        : PodSecurityVersion.parse(version).orElse(PodSecurityVersion.LATEST));
    }

    /** The standard as a server of Kubernetes 1.x applies it: a server knows only versions up to its own. */
    public PodSecurityStandard on(int serverMinor) {
        return new PodSecurityStandard(level, version.on(serverMinor));
    }

    @Override
    public String toString() {
        return level + ":" + version;
    }
}
