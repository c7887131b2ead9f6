package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/**
 * The possible responses. Each of them admits the object: a cluster never depends on this operator. At worst, a
 * response says that no sidecar was added, and why.
 */
public sealed interface AdmissionResponse {
    /** Returns the label of the metric: why the response is as it is. */
    String reason();

    /** Returns the warnings for the author of the object. */
    List<String> warnings();

    /** The object may stay as it is. */
    record Allowed(String reason, List<String> warnings) implements AdmissionResponse {
        public Allowed {
            warnings = List.copyOf(warnings);
        }
    }

    /** The object is changed. The patch is never empty. */
    record Patched(String reason, ArrayNode patch, List<String> warnings) implements AdmissionResponse {
        public Patched {
            warnings = List.copyOf(warnings);
        }
    }

    /** The operator failed; the object may stay as it is. */
    record Errored(String reason, List<String> warnings) implements AdmissionResponse {
        public Errored {
            warnings = List.copyOf(warnings);
        }
    }

    /** Returns a response without a change and without warnings. */
    static AdmissionResponse allowed(String reason) {
        return new Allowed(reason, List.of());
    }

    /** Returns {@link Patched}, or {@link Allowed} when the patch is empty. */
    static AdmissionResponse patched(String reason, ArrayNode patch, List<String> warnings) {
        return patch.isEmpty() ? new Allowed(reason, warnings) : new Patched(reason, patch, warnings);
    }

    /** Returns a failure of the operator, reported to the user in one line. */
    static AdmissionResponse errored(String warning) {
        return new Errored("InternalError", List.of(warning));
    }
}
