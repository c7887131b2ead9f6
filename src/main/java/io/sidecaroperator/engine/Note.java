package io.sidecaroperator.engine;

/** Something that was not done, or done differently, and that its owner should know: never silence. */
public record Note(Reason reason, String message) {}
