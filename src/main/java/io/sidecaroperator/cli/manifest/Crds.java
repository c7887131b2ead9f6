package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.policy.validation.BundledCrds;
import io.sidecaroperator.core.policy.validation.PolicyValidator;

/**
 * The validator of this build's kinds. It is created for the first policy, so a command without a policy does not wait
 * for it.
 */
public final class Crds {
    private Crds() {}

    /** Returns a validator that knows the kinds of this build. */
    public static PolicyValidator validator() {
        return Holder.VALIDATOR;
    }

    private static final class Holder {
        static final PolicyValidator VALIDATOR = new PolicyValidator(BundledCrds.read());
    }
}
