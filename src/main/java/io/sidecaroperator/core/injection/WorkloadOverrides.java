package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.InvalidJsonException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a workload overrides its policies: the annotation {@value #ANNOTATION}, a JSON object from names of sidecars to
 * their fields. It belongs to the user's part of the template, and is only read.
 *
 * @param sidecars the annotation's content; empty when the annotation is absent or unreadable
 * @param problem why it cannot be read
 */
record WorkloadOverrides(ObjectNode sidecars, Optional<String> problem) {
    /** The annotation on the pod template or Pod. */
    static final String ANNOTATION = "sidecar-operator.io/override";

    /** Reads the user's own template. */
    static WorkloadOverrides of(PodTemplate user) {
        JsonNode text = user.metadata().path("annotations").get(ANNOTATION);
        if (Json.isAbsent(text) || text == null) {
            return new WorkloadOverrides(Json.object(), Optional.empty());
        }
        try {
            JsonNode parsed = text.isTextual() ? Json.parse(text.textValue()) : text;
            return text.isTextual() && parsed instanceof ObjectNode sidecars
                    ? new WorkloadOverrides(sidecars, Optional.empty())
                    : unreadable("it must be a JSON object from names of sidecars to their fields");
        } catch (InvalidJsonException e) {
            return unreadable("it is no JSON: " + e.getMessage());
        }
    }

    private static WorkloadOverrides unreadable(String why) {
        return new WorkloadOverrides(Json.object(), Optional.of(why));
    }

    /** The override of a sidecar; null when the annotation does not name it. */
    @Nullable
    JsonNode of(Sidecar sidecar) {
        return sidecars.get(sidecar.name());
    }

    /** Problems of the annotation as a whole, for all the policies that reach the workload. */
    List<Note> problems(Collection<CompiledPolicy> policies) {
        List<Note> notes = new ArrayList<>();
        if (policies.isEmpty()) {
            return notes;
        }
        problem.ifPresent(why -> notes.add(ignored("annotation " + ANNOTATION + ": " + why)));
        Set<String> known = policies.stream()
                .flatMap(policy -> policy.sidecars().stream())
                .map(Sidecar::name)
                .collect(Collectors.toSet());
        sidecars.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                notes.add(ignored(
                        "annotation " + ANNOTATION + ": no policy gives this workload a sidecar named " + name));
            }
        });
        return notes;
    }

    /** A note that some of the annotation is not honoured. */
    static Note ignored(String message) {
        return new Note(Reason.OverrideIgnored, message);
    }
}
