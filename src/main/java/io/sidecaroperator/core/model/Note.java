package io.sidecaroperator.core.model;

/** Something that was not done, or done differently, and that its owner should know: never silence. */
public record Note(Reason reason, String message) {}
