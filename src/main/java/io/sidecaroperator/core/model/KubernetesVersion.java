package io.sidecaroperator.core.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The minor version of an API server, as far as injection depends on it. */
public record KubernetesVersion(int major, int minor) implements Comparable<KubernetesVersion> {
    /** The newest version this build was tested against; the default where no version is given. */
    public static final KubernetesVersion NEWEST = new KubernetesVersion(1, 36);

    /** The oldest version whose API server accepts the CRDs; the chart names it, too. */
    public static final KubernetesVersion OLDEST = new KubernetesVersion(1, 29);

    private static final KubernetesVersion NATIVE_SIDECARS = new KubernetesVersion(1, 29);
    private static final Pattern SHAPE = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:[.+-].*)?");

    /** Reads {@code 1.36}, {@code v1.36.3} and {@code 1.28+}; empty for anything else. */
    public static Optional<KubernetesVersion> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new KubernetesVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** Whether init containers with {@code restartPolicy: Always} exist and are on by default (KEP-753: since 1.29). */
    public boolean hasNativeSidecars() {
        return compareTo(NATIVE_SIDECARS) >= 0;
    }

    @Override
    public int compareTo(KubernetesVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
