package io.sidecaroperator.core.podsecurity;

import java.util.List;
import java.util.Set;

/**
 * One published check: a rule, the levels that have it, the first and the last Kubernetes 1.x that have it, and the
 * pods that are exempt from it.
 */
record PodSecurityCheck(Condition rule, Set<PodSecurityLevel> levels, int first, int last, Spares spares) {
    /** The first minor version in which {@code spec.os} counts. */
    private static final int OS = 25;
    /** The first minor version in which {@code spec.hostUsers} counts. */
    private static final int USER_NAMESPACES = 35;

    /** Adds what a pod violates. The minor version is for rules that accept more values in later versions. */
    @FunctionalInterface
    interface Condition {
        void check(SecuredPod pod, int minor, List<Violation> found);
    }

    /** Pods that are exempt from a check: what it requires cannot be set there, or is not needed. */
    enum Spares {
        NONE,
        WINDOWS,
        USER_NAMESPACE
    }

    static PodSecurityCheck baseline(Condition rule) {
        return new PodSecurityCheck(rule, Set.of(PodSecurityLevel.BASELINE), 0, Integer.MAX_VALUE, Spares.NONE);
    }

    static PodSecurityCheck restricted(Condition rule) {
        return new PodSecurityCheck(rule, Set.of(PodSecurityLevel.RESTRICTED), 0, Integer.MAX_VALUE, Spares.NONE);
    }

    PodSecurityCheck andRestricted() {
        return new PodSecurityCheck(
                rule, Set.of(PodSecurityLevel.BASELINE, PodSecurityLevel.RESTRICTED), first, last, spares);
    }

    PodSecurityCheck since(int minor) {
        return new PodSecurityCheck(rule, levels, minor, last, spares);
    }

    PodSecurityCheck before(int minor) {
        return new PodSecurityCheck(rule, levels, first, minor - 1, spares);
    }

    PodSecurityCheck unlessForWindows() {
        return new PodSecurityCheck(rule, levels, first, last, Spares.WINDOWS);
    }

    PodSecurityCheck unlessInUserNamespace() {
        return new PodSecurityCheck(rule, levels, first, last, Spares.USER_NAMESPACE);
    }

    boolean holds(PodSecurityStandard standard, SecuredPod pod) {
        int minor = standard.version().minor();
        return levels.contains(standard.level()) && first <= minor && minor <= last && !spared(pod, minor);
    }

    private boolean spared(SecuredPod pod, int minor) {
        return switch (spares) {
            case NONE -> false;
            case WINDOWS -> minor >= OS && pod.isForWindows();
            case USER_NAMESPACE -> minor >= USER_NAMESPACES && pod.isInUserNamespace();
        };
    }
}
