package io.sidecaroperator.core.workload;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind with a pod template that the program's options name.
 *
 * @param version the API version in which it is read
 */
public record CustomKind(String version, WorkloadKind kind) {
    /** The form in which a custom kind is written, for messages. */
    public static final String FORM = "GROUP/VERSION/KIND=PATH, as in argoproj.io/v1alpha1/Rollout=/spec/template";

    private static final Pattern TEXT = Pattern.compile(
            "([a-z0-9][-a-z0-9]*(?:\\.[a-z0-9][-a-z0-9]*)+)/(v[a-z0-9]+)/([A-Z][A-Za-z0-9]*)=((?:/[^/~,]+)+)");

    /**
     * Reads {@code argoproj.io/v1alpha1/Rollout=/spec/template}.
     *
     * @throws IllegalArgumentException when it is not of that form
     */
    public static CustomKind parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" names no kind; expected " + FORM);
        }
        return new CustomKind(
                matcher.group(2),
                new WorkloadKind(matcher.group(1), matcher.group(3), JsonPointer.compile(matcher.group(4))));
    }

    /** The {@code apiVersion} of its objects. */
    public String apiVersion() {
        return kind.group() + "/" + version;
    }
}
