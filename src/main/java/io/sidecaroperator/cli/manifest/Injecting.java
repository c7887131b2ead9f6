package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.Explanation;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Changes templates to what the policies want, with the same engine as the operator. */
final class Injecting extends WorkloadRun {
    private final InjectionSettings settings;
    private final Set<PolicyKey> matched = new HashSet<>();
    private final Set<String> namespaces = new TreeSet<>();
    private boolean takenOut;

    /**
     * The engine's input besides the workload.
     *
     * @param namespace the namespace of documents that do not name one
     */
    record InjectionSettings(
            ManifestPolicies policies, InputNamespaces namespaces, String namespace, KubernetesVersion server) {}

    Injecting(InjectionSettings settings, WorkloadKinds kinds, Report report) {
        super(kinds, report);
        this.settings = settings;
        settings.policies().warnings().forEach(warning -> report.warn(warning, null));
    }

    @Override
    public Changed of(ManifestObject object) {
        if (ManifestPolicies.isPolicy(object) && !object.group().equals(ManifestPolicies.GROUP)) {
            report().warn(
                            object.where() + ": " + object.name() + ": apiVersion " + object.apiVersion()
                                    + " is not of group " + ManifestPolicies.GROUP + ", so it is no policy here",
                            object);
        }
        return super.of(object);
    }

    @Override
    NewTemplate of(ManifestObject object, WorkloadKind kind, ObjectNode template) {
        MetadataTypes.require(object, kind, template);
        WorkloadRef ref = kind.refOf(object.tree(), settings.namespace());
        namespaces.add(ref.namespace());
        if (settings.policies().isEmpty()) {
            // Without any policy, this is the same as uninject.
            requireReadableReceipt(object, ref.toString(), template);
        }
        Input input = ManifestFacts.of(
                kind, object, template, ref, settings.namespaces().of(ref.namespace()), settings.server());
        Injection injection = Engine.CURRENT.inject(input, settings.policies().index(ref.namespace()));
        // A stored object has defaults of the API server. The operator does not write for them, and neither does this
        // run.
        ObjectNode wanted = isStored(object) && Engine.CURRENT.inSync(injection) ? template : injection.template();
        tell(injection, wanted, object);
        return new NewTemplate(wanted, injection);
    }

    /** Whether the object was read from a cluster: only the API server sets a uid. */
    private static boolean isStored(ManifestObject object) {
        return Json.textAt(object.tree().path("metadata"), "uid") != null;
    }

    private void tell(Injection injection, ObjectNode wanted, ManifestObject object) {
        String workload = injection.input().ref().toString();
        injection.notes().forEach(note -> note(workload, note, object));
        List<PolicyOutcome> reached =
                injection.outcomes().stream().filter(PolicyOutcome::matched).toList();
        if (reached.isEmpty()) {
            report().tell(workload + ": no policy reaches it", object);
        }
        tellRemovals(injection.input(), wanted, object);
        for (PolicyOutcome outcome : reached) {
            matched.add(outcome.policy());
            String line = workload + ": policy " + outcome.policy() + " " + Explanation.headline(outcome);
            if (outcome.decision() instanceof Decision.Refuse) {
                report().refuse(line, object);
            } else {
                report().tell(line, object);
            }
            outcome.notes().forEach(note -> note(workload, note, object));
        }
    }

    /**
     * Reports a workload that loses its sidecar because the policy is gone or no longer matches: such a policy has no
     * line of its own.
     */
    private void tellRemovals(Input input, ObjectNode wanted, ManifestObject object) {
        String workload = input.ref().toString();
        Set<PolicyKey> gone = retained(input.template());
        gone.removeAll(retained(wanted));
        // The parts of these policies now belong to the user: only their receipt entries are removed.
        gone.removeAll(input.orphaned());
        takenOut |= !gone.isEmpty();
        gone.forEach(policy -> report().removed(workload + ": took out policy " + policy, object));
        if (hasUnreadableReceipt(input.template()) && !Engine.hasReceipt(wanted)) {
            report().removed(
                            workload + ": took out the receipt that cannot be read, and nothing else: a sidecar that it"
                                    + " was about is still there, take it out by hand",
                            object);
        }
    }

    private static Set<PolicyKey> retained(ObjectNode template) {
        return new LinkedHashSet<>(
                Engine.receiptOf(template).orElse(Receipt.EMPTY).entries().keySet());
    }

    /** Reports policies that select no workload. */
    @Override
    public void end() {
        if (settings.policies().isEmpty()) {
            String none = "there is no policy in the input and none by --policy, so nothing was injected";
            if (takenOut) {
                report().unmet(none, null);
            } else {
                report().warn(none, null);
            }
        }
        for (ManifestObject policy : settings.policies().unmatched(matched)) {
            String own = Json.textAt(policy.tree().path("metadata"), "namespace");
            String elsewhere = own == null || namespaces.isEmpty() || namespaces.contains(own)
                    ? ""
                    : "; it is for namespace " + own + ", they are in " + String.join(", ", namespaces);
            String unmatched = policy.where() + ": " + policy.name() + ": reaches no workload of the input" + elsewhere;
            if (settings.policies().isGiven(policy)) {
                report().unmet(unmatched, policy);
            } else {
                report().warn(unmatched, policy);
            }
        }
    }
}
