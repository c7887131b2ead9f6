package io.sidecaroperator.engine;

/** A policy prepared once per change; carries its revision. */
public interface CompiledPolicy {
    PolicyKey key();

    String revision();
}
