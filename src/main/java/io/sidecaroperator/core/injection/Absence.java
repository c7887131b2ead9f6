package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt;
import java.util.Optional;

/** Why a policy that the receipt names does not reach the template. */
enum Absence {
    /** The pod's template has the policy's parts, and the pod got them from there. */
    OF_TEMPLATE(new Decision.Inject()),
    /** The pod's template left the parts to the pod, at a revision that is no longer stored. */
    REVISION_UNKNOWN(skip(Reason.RevisionUnknown)),
    /** The policy left its parts to the user. */
    ORPHANED(skip(Reason.LeftToUser)),
    /** The policy no longer selects the template, and runs in Audit mode, in which it makes no change. */
    AUDITED(skip(Reason.NotSelected)),
    /** The policy is being deleted. */
    DELETING(new Decision.Skip(Reason.NotSelected, "the policy is being deleted")),
    /** The policy no longer selects the template. */
    UNSELECTED(skip(Reason.NotSelected)),
    /** The policy is unknown, and the template is not changing: its parts stay. */
    LOST(skip(Reason.Orphaned)),
    /** The policy is unknown, and the template is changing anyway: its parts go. */
    GONE(new Decision.Skip(Reason.NotSelected, "no such policy"));

    private final Decision decision;

    Absence(Decision decision) {
        this.decision = decision;
    }

    private static Decision skip(Reason reason) {
        return new Decision.Skip(reason, reason.meaning());
    }

    /** The decision about the policy. */
    Decision decision() {
        return decision;
    }

    /** Returns why the policy of this receipt entry is absent. */
    static Absence of(PolicyKey key, Receipt.Entry retained, Input input, PolicyIndex index) {
        if (input.trigger().followsReceipt()) {
            return retained.toPods() ? REVISION_UNKNOWN : OF_TEMPLATE;
        }
        // A copied receipt may name a policy of another namespace. The state of that policy has no effect here.
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
