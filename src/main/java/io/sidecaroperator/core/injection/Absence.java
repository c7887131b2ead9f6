package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt;
import java.util.Optional;

/** Why a policy that a receipt names does not reach the template. */
enum Absence {
    /** The pod's template has the policy's parts, and gave them to the pod. */
    OF_TEMPLATE(new Decision.Inject()),
    /** The pod's template left the parts to the pod, at a revision that nobody keeps. */
    REVISION_UNKNOWN(skip(Reason.RevisionUnknown)),
    /** The policy left its parts to the user. */
    ORPHANED(skip(Reason.LeftToUser)),
    /** The policy does not select the template any more, and only looks on. */
    AUDITED(skip(Reason.NotSelected)),
    /** The policy is being deleted. */
    DELETING(new Decision.Skip(Reason.NotSelected, "the policy is being deleted")),
    /** The policy does not select the template any more. */
    UNSELECTED(skip(Reason.NotSelected)),
    /** Nobody knows the policy, and nobody has asked for a change. */
    LOST(skip(Reason.Orphaned)),
    /** Nobody knows the policy, and the template changes anyway. */
    GONE(new Decision.Skip(Reason.NotSelected, "no such policy"));

    private final Decision decision;

    Absence(Decision decision) {
        this.decision = decision;
    }

    private static Decision skip(Reason reason) {
        return new Decision.Skip(reason, reason.meaning());
    }

    /** What is decided about the policy. */
    Decision decision() {
        return decision;
    }

    /** Why the policy of this receipt entry is absent. */
    static Absence of(PolicyKey key, Receipt.Entry retained, Input input, PolicyIndex index) {
        if (input.trigger().followsReceipt()) {
            return retained.toPods() ? REVISION_UNKNOWN : OF_TEMPLATE;
        }
        // A copied receipt may name a policy of another namespace; whatever becomes of that one changes nothing here.
        boolean near = key.mayReach(input.ref().namespace());
        if (input.orphaned().contains(key) || near && index.orphaned().contains(key)) {
            return ORPHANED;
        }
        Optional<CompiledPolicy> policy = near ? index.find(key) : Optional.empty();
        if (policy.filter(found -> found.state().audit()).isPresent()) {
            return AUDITED;
        }
        if (near && index.isDeleting(key)) {
            return DELETING;
        }
        if (policy.isPresent()) {
            return UNSELECTED;
        }
        return input.trigger().isChange() ? GONE : LOST;
    }
}
