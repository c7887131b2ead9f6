package io.sidecaroperator.core.podsecurity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the Pod Security Standards: that of the Kubernetes 1.x that published it.
 *
 * @param minor the x of 1.x
 */
public record PodSecurityVersion(int minor) {
    /** The newest version that the API server knows. */
    public static final PodSecurityVersion LATEST = new PodSecurityVersion(Integer.MAX_VALUE);

    private static final Pattern SHAPE = Pattern.compile("v1\\.(0|[1-9][0-9]{0,8})");

    /** Reads {@code latest} and {@code v1.36}, as a namespace label writes them; empty for anything else. */
    public static Optional<PodSecurityVersion> parse(String text) {
        if (text.equals("latest")) {
            return Optional.of(LATEST);
        }
        Matcher matcher = SHAPE.matcher(text);
        return matcher.matches()
                ? Optional.of(new PodSecurityVersion(Integer.parseInt(matcher.group(1))))
                : Optional.empty();
    }

    /** The version that a server of Kubernetes 1.x applies: it knows only versions up to its own. */
    public PodSecurityVersion on(int serverMinor) {
        return minor <= serverMinor ? this : new PodSecurityVersion(serverMinor);
    }

    /** The version as a namespace label writes it. */
    @Override
    public String toString() {
        return equals(LATEST) ? "latest" : "v1." + minor;
    }
}
