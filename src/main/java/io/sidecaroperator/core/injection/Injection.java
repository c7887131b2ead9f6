package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.model.Note;
import java.util.List;

/**
 * The engine's result for one template.
 *
 * @param input the input of the call
 * @param stripped the user's own template
 * @param template the wanted template; a separate tree wherever it differs from the input
 * @param comparable the same, but parts that another build rendered for the wanted revision stay as that build rendered
 *     them
 * @param outcomes one for each policy that was evaluated, in the order of injection
 * @param notes what happened while the template was stripped
 */
public record Injection(
        Input input,
        ObjectNode stripped,
        ObjectNode template,
        ObjectNode comparable,
        List<PolicyOutcome> outcomes,
        List<Note> notes) {
    public Injection {
        outcomes = List.copyOf(outcomes);
        notes = List.copyOf(notes);
    }
}
