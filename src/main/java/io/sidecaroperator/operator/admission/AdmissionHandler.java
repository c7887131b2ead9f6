package io.sidecaroperator.operator.admission;

/** Answers one kind of question, without a call to anyone: what it needs to know is already in memory. */
@FunctionalInterface
public interface AdmissionHandler {
    AdmissionResponse handle(AdmissionRequest request);
}
