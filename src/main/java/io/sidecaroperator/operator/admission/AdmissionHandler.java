package io.sidecaroperator.operator.admission;

/** Answers one kind of admission request from memory, without a network call. */
@FunctionalInterface
public interface AdmissionHandler {
    AdmissionResponse handle(AdmissionRequest request);
}
