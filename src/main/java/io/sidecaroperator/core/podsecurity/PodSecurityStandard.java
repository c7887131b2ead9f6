package io.sidecaroperator.core.podsecurity;

import java.util.Map;

/** A level in a version: what a namespace enforces, written {@code restricted:latest}. */
public record PodSecurityStandard(PodSecurityLevel level, PodSecurityVersion version) {
    /** The namespace label whose level the API server enforces. */
    public static final String ENFORCE = "pod-security.kubernetes.io/enforce";

    /** The namespace label that pins the version of that level. */
    public static final String ENFORCE_VERSION = "pod-security.kubernetes.io/enforce-version";

    /**
     * What a namespace with these labels enforces. Like the API server, it takes a level that it cannot read for
     * {@code restricted} and such a version for {@code latest}; no label is {@code privileged}, the default of a
     * cluster whose admission configuration says nothing else.
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

    /** The standard as a server of Kubernetes 1.x applies it: none knows a version newer than itself. */
    public PodSecurityStandard on(int serverMinor) {
        return new PodSecurityStandard(level, version.on(serverMinor));
    }

    @Override
    public String toString() {
        return level + ":" + version;
    }
}
