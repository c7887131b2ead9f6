package io.sidecaroperator.operator.app;

/** A setting that cannot be used. The message names it, its value and what was expected. */
public final class SettingsException extends RuntimeException {
    public SettingsException(String message) {
        super(message);
    }
}
