package io.sidecaroperator.engine;

import java.util.List;

/** What one policy adds to one template, what it leaves to the user, and the receipt entry to undo it. */
public record Plan(PolicyKey policy, List<Edit> edits, List<Note> notes, Receipt.Entry receipt) {
    public Plan {
        edits = List.copyOf(edits);
        notes = List.copyOf(notes);
    }
}
