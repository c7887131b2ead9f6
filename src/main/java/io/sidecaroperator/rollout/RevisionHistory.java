package io.sidecaroperator.rollout;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Which of a policy's stored revisions nobody needs any more. */
public final class RevisionHistory {
    /** The label of a stored revision; its value is the hash. */
    public static final String LABEL = "sidecar-operator.io/revision";

    private RevisionHistory() {}

    /**
     * A stored revision.
     *
     * @param name the name of the object that holds it
     * @param revision its hash
     * @param number its place in the order of their making
     */
    public record Entry(String name, String revision, long number) {
        private static final Comparator<Entry> NEWEST_FIRST =
                Comparator.comparingLong(Entry::number).reversed().thenComparing(Entry::name);
    }

    /** The number of the next revision. */
    public static long nextNumber(Collection<Entry> entries) {
        return entries.stream().mapToLong(Entry::number).max().orElse(0) + 1;
    }

    /**
     * The entries to be deleted, the oldest first: all beyond the newest {@code limit} but those that are needed.
     *
     * @param present the revision of the policy as it is, which is no part of its history
     * @param needed the revisions that stay however old they are
     */
    public static List<Entry> surplus(Collection<Entry> entries, int limit, String present, Set<String> needed) {
        return entries.stream()
                .filter(entry -> !entry.revision().equals(present))
                .sorted(Entry.NEWEST_FIRST)
                .skip(Math.max(0, limit))
                .filter(entry -> !needed.contains(entry.revision()))
                .sorted(Entry.NEWEST_FIRST.reversed())
                .toList();
    }
}
