package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Prepares a policy object for the engine. */
public final class PolicyCompiler {
    private PolicyCompiler() {}

    /**
     * Compiles a whole policy object (apiVersion, kind, metadata, spec) that validation has found sound.
     *
     * @throws IllegalArgumentException with a sentence for a person when it is not a policy after all
     */
    public static CompiledPolicy compile(ObjectNode policy) {
        throw new UnsupportedOperationException(policy.toString());
    }
}
