package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.model.Note;
import java.util.List;

/**
 * The answer of the engine for one template.
 *
 * @param input what was asked
 * @param stripped the user's own template
 * @param template the template as it is wanted; a tree of its own wherever it differs from the input
 * @param comparable the same, with what another build rendered for the wanted revision left as that build rendered it
 * @param outcomes one for each policy that was considered, in the order of injection
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
