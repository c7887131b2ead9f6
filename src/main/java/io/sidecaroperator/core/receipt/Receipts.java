package io.sidecaroperator.core.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the receipts of templates. */
public final class Receipts {
    private Receipts() {}

    /** Whether the template has the receipt annotation, readable or not. */
    public static boolean isOn(ObjectNode template) {
        return template.path("metadata").path("annotations").has(Receipt.ANNOTATION);
    }

    /** The receipt of a template; empty when it has no receipt, or an unreadable one. */
    public static Receipt of(ObjectNode template) {
        return of(template, new ArrayList<>()).orElse(Receipt.EMPTY);
    }

    /** The receipt of a template, with a note when it cannot be read. */
    public static Optional<Receipt> of(ObjectNode template, List<Note> notes) {
        JsonNode text = template.path("metadata").path("annotations").get(Receipt.ANNOTATION);
        if (text == null) {
            return Optional.empty();
        }
        Optional<Receipt> receipt = text.isTextual() ? ReceiptCodec.read(text.textValue()) : Optional.empty();
        if (receipt.isEmpty()) {
            notes.add(new Note(
                    Reason.ReceiptUnreadable,
                    "annotation " + Receipt.ANNOTATION + ": " + Reason.ReceiptUnreadable.meaning()));
        }
        return receipt;
    }
}
