package io.sidecaroperator.core.rollout;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Finds the stored revisions of a policy that are no longer needed. */
public final class RevisionHistory {
    /** The label of a stored revision; its value is the hash. */
    public static final String LABEL = "sidecar-operator.io/revision";

    private RevisionHistory() {}

    /**
     * A stored revision.
     *
     * @param name the name of the object that holds it
     * @param revision its hash
     * @param number its place in the order of creation
     */
    public record Revision(String name, String revision, long number) {
        private static final Comparator<Revision> NEWEST_FIRST =
                Comparator.comparingLong(Revision::number).reversed().thenComparing(Revision::name);
    }

    /** The number of the next revision. */
    public static long nextNumber(Collection<Revision> entries) {
        return entries.stream().mapToLong(Revision::number).max().orElse(0) + 1;
    }

    /**
     * Returns the entries to delete, the oldest first: all beyond the newest {@code limit} except those that are
     * needed.
     *
     * @param present the policy's present revision, which does not count as history
     * @param needed the revisions that stay at any age
     */
    public static List<Revision> surplus(Collection<Revision> entries, int limit, String present, Set<String> needed) {
        return entries.stream()
                .filter(entry -> !entry.revision().equals(present))
                .sorted(Revision.NEWEST_FIRST)
                .skip(Math.max(0, limit))
                .filter(entry -> !needed.contains(entry.revision()))
                .sorted(Revision.NEWEST_FIRST.reversed())
                .toList();
    }
}
