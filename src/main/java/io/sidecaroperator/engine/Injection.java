package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The answer of the engine for one template.
 *
 * @param facts what was asked
 * @param stripped the user's own template
 * @param template the template as it is wanted: a new tree, the input is never changed
 * @param outcomes one for each policy of the book that was considered, in book order, then those carried for policies
 *     that no longer exist
 * @param notes what happened while the template was stripped
 */
public record Injection(
        Facts facts, ObjectNode stripped, ObjectNode template, List<PolicyOutcome> outcomes, List<Note> notes) {
    public Injection {
        outcomes = List.copyOf(outcomes);
        notes = List.copyOf(notes);
    }
}
