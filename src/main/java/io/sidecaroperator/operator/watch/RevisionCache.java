package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.rollout.RevisionHistory;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The revisions of policies that the cluster stores, by the uid of the policy that owns them. */
public final class RevisionCache {
    private static final Logger LOG = LoggerFactory.getLogger(RevisionCache.class);

    private final Function<ObjectNode, List<String>> validation;
    private final Map<String, SortedMap<String, KeptRevision>> byOwner = new ConcurrentHashMap<>();
    private final Set<String> unusable = ConcurrentHashMap.newKeySet();

    /**
     * @param validation returns what is wrong with a policy object; a revision of an invalid policy is not used
     */
    public RevisionCache(Function<ObjectNode, List<String>> validation) {
        this.validation = validation;
    }

    /** Stores an object as it is now. */
    void put(KeptRevision revision) {
        change(revision, of -> of.put(revision.entry().name(), revision));
    }

    /** Stores an object unless it is known already. */
    void putIfAbsent(KeptRevision revision) {
        change(revision, of -> of.putIfAbsent(revision.entry().name(), revision));
    }

    /** Forgets a deleted object. A new object of the same name stays. */
    void remove(KeptRevision revision) {
        change(revision, of -> {
            KeptRevision known = of.get(revision.entry().name());
            if (known != null && known.uid().equals(revision.uid())) {
                of.remove(revision.entry().name());
            }
        });
        unusable.remove(revision.uid());
    }

    /** Returns the stored revisions of the policy with this uid. */
    Collection<KeptRevision> of(String policyUid) {
        return List.copyOf(byOwner.getOrDefault(policyUid, new TreeMap<>()).values());
    }

    /** Whether a revision of the policy with this uid is stored, according to its label. */
    boolean has(String policyUid, String revision) {
        return of(policyUid).stream().anyMatch(kept -> kept.entry().revision().equals(revision));
    }

    /**
     * Returns the earlier revisions of a policy, each compiled with the policy's present selection. A revision whose
     * hash differs from its label is left out.
     */
    Map<String, CompiledPolicy> compiled(ObjectNode policy, String policyUid, String present) {
        Map<String, CompiledPolicy> compiled = new HashMap<>();
        for (KeptRevision kept : of(policyUid)) {
            if (!kept.entry().revision().equals(present)) {
                compile(policy, kept).ifPresent(earlier -> compiled.put(earlier.revision(), earlier));
            }
        }
        return compiled;
    }

    private Optional<CompiledPolicy> compile(ObjectNode policy, KeptRevision kept) {
        ObjectNode then = PolicyCompiler.withInjectable(policy, kept.spec());
        try {
            List<String> problems = validation.apply(then);
            if (!problems.isEmpty()) {
                return unusable(kept, problems.get(0));
            }
            CompiledPolicy compiled = PolicyCompiler.compile(then);
            return compiled.revision().equals(kept.entry().revision())
                    ? Optional.of(compiled)
                    : unusable(kept, "it holds revision " + compiled.revision());
        } catch (RuntimeException e) {
            return unusable(kept, String.valueOf(e.getMessage()));
        }
    }

    private Optional<CompiledPolicy> unusable(KeptRevision kept, String why) {
        if (unusable.add(kept.uid())) {
            LOG.warn(
                    "ControllerRevision {}/{} is not used as revision {} of policy {}: {}",
                    kept.namespace(),
                    kept.entry().name(),
                    kept.entry().revision(),
                    kept.policy(),
                    why);
        }
        return Optional.empty();
    }

    /** Replaces a policy's map as a whole: readers keep the map that they have. */
    private void change(KeptRevision revision, java.util.function.Consumer<SortedMap<String, KeptRevision>> edit) {
        byOwner.compute(revision.owner(), (same, before) -> {
            SortedMap<String, KeptRevision> after = before == null ? new TreeMap<>() : new TreeMap<>(before);
            edit.accept(after);
            return after.isEmpty() ? null : after;
        });
    }

    /** Returns the entries of these objects. */
    static List<RevisionHistory.Revision> entries(Collection<KeptRevision> kept) {
        return kept.stream().map(KeptRevision::entry).toList();
    }
}
