package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run that changes pod templates. Objects without a template stay as they are. If an object should probably have one,
 * that is reported.
 */
abstract class WorkloadRun extends ManifestRun {
    private final WorkloadKinds kinds;
    private final Report report;

    WorkloadRun(WorkloadKinds kinds, Report report) {
        this.kinds = kinds;
        this.report = report;
    }

    final Report report() {
        return report;
    }

    /** The wanted pod template. */
    record NewTemplate(ObjectNode template, @Nullable Injection injection) {}

    abstract NewTemplate of(ManifestObject object, WorkloadKind kind, ObjectNode template);

    @Override
    public Changed of(ManifestObject object) {
        Optional<WorkloadKind> kind = object.workloadKind(kinds);
        if (kind.isEmpty()) {
            warnOfUnknownVersion(object);
            return Changed.not(object);
        }
        Optional<ObjectNode> template = kind.get().templateOf(object.tree());
        if (template.isEmpty()) {
            report.warn(
                    object.where() + ": " + object.name() + ": has no pod template at "
                            + kind.get().template().toString().substring(1).replace('/', '.')
                            + ", so it stays as it is",
                    object);
            return Changed.not(object);
        }
        NewTemplate wanted = of(object, kind.get(), template.get());
        ObjectNode result = kind.get().withTemplate(object.tree(), wanted.template());
        return new Changed(
                object,
                wanted.template().equals(template.get()) ? result : OrphanedAnnotation.with(result, Set.of()),
                Optional.ofNullable(wanted.injection()));
    }

    /** Warns of a workload's kind in a former API group of Kubernetes: the user surely means a workload. */
    private void warnOfUnknownVersion(ManifestObject object) {
        boolean builtIn = object.group().indexOf('.') < 0;
        WorkloadKind.ALL.stream()
                .filter(kind -> builtIn && kind.kind().equals(object.kind()))
                .findFirst()
                .ifPresent(kind -> report.warn(
                        object.where() + ": " + object.name() + ": apiVersion " + object.apiVersion() + " has no "
                                + object.kind() + ", expected "
                                + (kind.group().isEmpty() ? "v1" : kind.group() + "/v1") + "; it stays as it is",
                        object));
    }

    /** Whether the template has a receipt that cannot be read. For the API server, null is the same as no receipt. */
    static boolean hasUnreadableReceipt(ObjectNode template) {
        return !Json.isAbsent(template.path("metadata").path("annotations").get(Receipt.ANNOTATION))
                && Engine.receiptOf(template).isEmpty();
    }

    /**
     * Ends the run at a receipt that cannot be read. If only the receipt were removed, the sidecar would stay for good.
     *
     * @throws InputException when it cannot be read
     */
    static void requireReadableReceipt(ManifestObject object, String workload, ObjectNode template) {
        if (hasUnreadableReceipt(template)) {
            throw new InputException(object.where() + ": " + workload + ": annotation " + Receipt.ANNOTATION
                    + " of the pod template cannot be read, so nobody can tell what was added; take the sidecar, its"
                    + " volumes and mounts and this annotation out by hand, or put the receipt back as it was");
        }
    }

    final void note(String workload, Note note, ManifestObject object) {
        String line = workload + ": note (" + note.reason() + "): " + note.message();
        if (note.reason().isWarning()) {
            report.warn(line, object);
        } else {
            report.tell(line, object);
        }
    }
}
