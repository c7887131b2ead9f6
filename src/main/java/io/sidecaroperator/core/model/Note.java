package io.sidecaroperator.core.model;

/** Something that was not done, or done differently, and that the workload's owner should know. */
public record Note(Reason reason, String message) {}
