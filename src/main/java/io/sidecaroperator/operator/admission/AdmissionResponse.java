package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/**
 * The vocabulary of answers. Each of them lets the object in: a cluster never depends on this operator, so the worst
 * that an answer can say is that nothing was added, and why.
 */
public sealed interface AdmissionResponse {
    /** The metric's label: why the answer is what it is. */
    String reason();

    /** What the person at the other end is shown. */
    List<String> warnings();

    /** The object may stay as it is. */
    record Allowed(String reason, List<String> warnings) implements AdmissionResponse {
        public Allowed {
            warnings = List.copyOf(warnings);
        }
    }

    /** The object is to be changed; the patch is never empty. */
    record Patched(String reason, ArrayNode patch, List<String> warnings) implements AdmissionResponse {
        public Patched {
            warnings = List.copyOf(warnings);
        }
    }

    /** Answering failed on our side; the object may stay as it is. */
    record Errored(String reason, List<String> warnings) implements AdmissionResponse {
        public Errored {
            warnings = List.copyOf(warnings);
        }
    }

    /** Nothing to do, nothing to tell. */
    static AdmissionResponse allowed(String reason) {
        return new Allowed(reason, List.of());
    }

    /** {@link Patched}, or {@link Allowed} when there is nothing in the patch. */
    static AdmissionResponse patched(String reason, ArrayNode patch, List<String> warnings) {
        return patch.isEmpty() ? new Allowed(reason, warnings) : new Patched(reason, patch, warnings);
    }

    /** A failure of ours, told to the user in one line. */
    static AdmissionResponse errored(String warning) {
        return new Errored("InternalError", List.of(warning));
    }
}
