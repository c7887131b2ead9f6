package io.sidecaroperator.cli.manifest;

import org.jspecify.annotations.Nullable;

/** What is to be said about a run, in order: for people, apart from the result. */
public abstract class Report {
    private boolean refused;

    /** How much a line matters. */
    public enum Level {
        /** What was done. */
        INFO,
        /** What a policy gave a workload before, and gives it no more. */
        REMOVAL,
        /** What is probably not meant. */
        WARNING,
        /** A policy that somebody asked for and that does nothing. */
        UNMET,
        /** A policy that applies to a workload but could not be injected. */
        REFUSAL
    }

    /** Takes a line; {@code about} is the object it is about, if it is about one. */
    protected abstract void line(Level level, String text, @Nullable ManifestObject about);

    public final void tell(String text, @Nullable ManifestObject about) {
        line(Level.INFO, text, about);
    }

    /** Says that something is not there any more; it is told like a warning, since nobody may have meant it. */
    public final void removed(String text, @Nullable ManifestObject about) {
        line(Level.REMOVAL, text, about);
    }

    public final void warn(String text, @Nullable ManifestObject about) {
        line(Level.WARNING, text, about);
    }

    /** Says that a policy does nothing though somebody asked for it: a warning, and with --strict a failure. */
    public final void unmet(String text, @Nullable ManifestObject about) {
        refused = true;
        line(Level.UNMET, text, about);
    }

    public final void refuse(String text, @Nullable ManifestObject about) {
        refused = true;
        line(Level.REFUSAL, text, about);
    }

    /** Whether a policy was refused or unmet, which --strict does not let pass. */
    public final boolean refused() {
        return refused;
    }
}
