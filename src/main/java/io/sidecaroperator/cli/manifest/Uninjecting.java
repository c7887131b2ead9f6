package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.stream.Collectors;

/** Removes from templates what their receipts list. */
final class Uninjecting extends WorkloadRun {
    private final String namespace;

    Uninjecting(String namespace, WorkloadKinds kinds, Report report) {
        super(kinds, report);
        this.namespace = namespace;
    }

    @Override
    NewTemplate of(ManifestObject object, WorkloadKind kind, ObjectNode template) {
        String workload = kind.refOf(object.tree(), namespace).toString();
        if (!Engine.hasReceipt(template)) {
            report().tell(workload + ": carries nothing of a policy", object);
            return new NewTemplate(template, null);
        }
        requireReadableReceipt(object, workload, template);
        String taken = Engine.receiptOf(template).orElse(Receipt.EMPTY).entries().keySet().stream()
                .map(PolicyKey::toString)
                .collect(Collectors.joining(", "));
        Engine.Stripped stripped = Engine.strip(template);
        report().tell(workload + ": took out " + (taken.isEmpty() ? "an empty receipt" : "policy " + taken), object);
        stripped.notes().forEach(note -> note(workload, note, object));
        return new NewTemplate(stripped.template(), null);
    }
}
