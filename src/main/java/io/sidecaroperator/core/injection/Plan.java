package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Receipt;
import java.util.ArrayList;
import java.util.List;

/** What one policy adds to one template, what it leaves to the user, and the receipt entry that undoes it. */
public record Plan(PolicyKey policy, List<Edit> edits, List<Note> notes, Receipt.Entry receipt) {
    public Plan {
        edits = List.copyOf(edits);
        notes = List.copyOf(notes);
    }

    /** The same plan with one more note. */
    Plan withNote(Reason reason, String message) {
        List<Note> more = new ArrayList<>(notes);
        more.add(new Note(reason, message));
        return new Plan(policy, edits, more, receipt);
    }
}
