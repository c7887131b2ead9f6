package io.sidecaroperator.cli.manifest;

import org.jspecify.annotations.Nullable;

/** The messages about a run, in order. They are for people, separate from the result. */
public abstract class Report {
    private boolean refused;

    /** How much a line matters. */
    public enum Level {
        /** What was done. */
        INFO,
        /** What a policy gave to a workload before and no longer gives. */
        REMOVAL,
        /** What is probably a mistake. */
        WARNING,
        /** A policy that the user asked for and that has no effect. */
        UNMET,
        /** A policy that applies to a workload but could not be injected. */
        REFUSAL
    }

    /** Adds a line; {@code about} is the object of the line, or null. */
    protected abstract void line(Level level, String text, @Nullable ManifestObject about);

    public final void tell(String text, @Nullable ManifestObject about) {
        line(Level.INFO, text, about);
    }

    /** Reports that something was removed. It counts as a warning, because the user may not have intended it. */
    public final void removed(String text, @Nullable ManifestObject about) {
        line(Level.REMOVAL, text, about);
    }

    public final void warn(String text, @Nullable ManifestObject about) {
        line(Level.WARNING, text, about);
    }

    /** Reports that a policy has no effect although the user asked for it: a warning, and a failure with --strict. */
    public final void unmet(String text, @Nullable ManifestObject about) {
        refused = true;
        line(Level.UNMET, text, about);
    }

    public final void refuse(String text, @Nullable ManifestObject about) {
        refused = true;
        line(Level.REFUSAL, text, about);
    }

    /** Whether a policy was refused or had no effect, which is a failure with --strict. */
    public final boolean refused() {
        return refused;
    }
}
