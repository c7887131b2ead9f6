package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Receipt.Entry;
import io.sidecaroperator.tree.PodTemplate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One call of {@link Engine#inject}: from the user's own part, each policy in order. */
final class InjectionRun {
    private final Facts facts;
    private final PolicyBook book;
    private final Rendering rendering;
    private final Origin origin;

    /**
     * @param released policies whose parts are the user's from now on
     */
    InjectionRun(Facts facts, PolicyBook book, Rendering rendering, Set<PolicyKey> released) {
        this.facts = facts;
        this.book = book;
        this.rendering = rendering;
        this.origin = new Origin(facts, book, rendering, released);
    }

    Injection result() {
        if (origin.isUnchanged()) {
            // Whatever the policies say by now: the change is none of the pods', so no pod is replaced.
            return new Injection(facts, origin.user(), origin.live(), origin.live(), List.of(), origin.notes());
        }
        List<PolicyOutcome> outcomes = outcomes(false);
        List<ObjectNode> unclaimed = unclaimed(outcomes);
        if (!unclaimed.isEmpty()) {
            // A volume that the user has mounted by now joins the user's own before anybody else's volumes are added.
            Engine.keepMountedVolumes(origin.user(), unclaimed, origin.notes());
            outcomes = outcomes(false);
        }
        List<Note> overrides =
                WorkloadOverrides.of(new PodTemplate(origin.user())).problems(reaching(outcomes));
        ObjectNode template = applied(outcomes);
        ObjectNode comparable = isOtherEngine(outcomes) ? applied(outcomes(true)) : template;
        List<Note> notes = new ArrayList<>(origin.notes());
        notes.addAll(overrides);
        return new Injection(facts, origin.user(), template, comparable, outcomes, notes);
    }

    /** Whether another build has rendered a revision that would be rendered again. */
    private boolean isOtherEngine(List<PolicyOutcome> outcomes) {
        return outcomes.stream().anyMatch(outcome -> {
            Entry carried = origin.carried().entries().get(outcome.policy());
            return carried != null
                    && outcome.plan()
                            .map(Plan::receipt)
                            .filter(entry -> !entry.toPods()
                                    && entry.revision().equals(carried.revision())
                                    && entry.engine() != carried.engine())
                            .isPresent();
        });
    }

    private List<CompiledPolicy> reaching(List<PolicyOutcome> outcomes) {
        return outcomes.stream()
                .filter(PolicyOutcome::matched)
                .flatMap(outcome -> Stream.ofNullable(origin.candidates().get(outcome.policy())))
                .toList();
    }

    /** The volumes that were taken and that no policy adds again. */
    private List<ObjectNode> unclaimed(List<PolicyOutcome> outcomes) {
        Set<String> added = outcomes.stream()
                .flatMap(outcome -> outcome.plan().stream())
                .flatMap(plan -> plan.edits().stream())
                .filter(edit -> edit.place() == Place.VOLUMES)
                .map(Edit::key)
                .collect(Collectors.toSet());
        return origin.takenVolumes().stream()
                .filter(volume -> !added.contains(Situation.nameOf(volume)))
                .toList();
    }

    private ObjectNode applied(List<PolicyOutcome> outcomes) {
        return Applier.apply(
                origin.user(),
                outcomes.stream().flatMap(outcome -> outcome.plan().stream()).toList());
    }

    private List<PolicyOutcome> outcomes(boolean keepRendering) {
        Claims claims = new Claims();
        Limits limits = new Limits(facts.namespace(), facts.server(), origin.user());
        Consideration consideration = new Consideration(facts, book, rendering, origin, claims, limits, keepRendering);
        List<PolicyOutcome> outcomes = new ArrayList<>();
        for (PolicyKey key : sequence()) {
            CompiledPolicy policy = origin.candidates().get(key);
            Entry carried = origin.carried().entries().get(key);
            PolicyOutcome outcome = policy == null ? departed(key, carried, claims) : consideration.of(policy);
            outcome.plan().ifPresent(claims::add);
            outcome.plan().ifPresent(limits::add);
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /** The book's order; a policy that only the receipt knows keeps its place after the one before it in the receipt. */
    private Set<PolicyKey> sequence() {
        List<PolicyKey> order = new ArrayList<>(origin.candidates().keySet());
        int next = 0;
        for (PolicyKey key : origin.carried().entries().keySet()) {
            int known = order.indexOf(key);
            if (known >= 0) {
                next = known + 1;
            } else {
                order.add(next++, key);
            }
        }
        if (facts.occasion() instanceof Occasion.PodOfTemplate) {
            // What the template gave is there already; what was left to the pod comes after it.
            order.sort((one, other) -> Boolean.compare(isLeftToPod(one), isLeftToPod(other)));
        }
        return new LinkedHashSet<>(order);
    }

    private boolean isLeftToPod(PolicyKey key) {
        Entry entry = origin.carried().entries().get(key);
        return entry != null && entry.toPods();
    }

    /** A policy that the receipt names and that does not reach the template (any more). */
    private PolicyOutcome departed(PolicyKey key, @Nullable Entry carried, Claims claims) {
        if (facts.occasion() instanceof Occasion.PodOfTemplate && carried != null) {
            return ofTemplate(key, carried, claims);
        }
        Optional<CompiledPolicy> policy = isNear(key) ? book.find(key) : Optional.empty();
        String revision =
                policy.map(CompiledPolicy::revision).orElse(revision(carried).orElse(""));
        Optional<String> before = revision(carried);
        boolean orphaned = facts.orphaned().contains(key)
                || (isNear(key) && book.orphaned().contains(key));
        boolean looksOn = policy.filter(found -> found.state().audit()).isPresent();
        if (carried != null && (orphaned || looksOn || isAbsent(key))) {
            Reason reason = orphaned ? Reason.LeftToUser : looksOn ? Reason.NotSelected : Reason.Orphaned;
            Reason note = reason == Reason.NotSelected ? Reason.Carried : reason;
            Optional<Plan> plan = origin.carry(key, carried, claims).map(found -> found.withNote(note, note.meaning()));
            return outcome(key, revision, before, new Decision.Skip(reason, reason.meaning()), Optional.empty(), plan);
        }
        String why = isNear(key) && book.isDeleting(key)
                ? "the policy is being deleted"
                : policy.isPresent() ? Reason.NotSelected.meaning() : "no such policy";
        Decision skip = new Decision.Skip(Reason.NotSelected, why);
        if (carried != null && facts.occasion().awaitsTurn(key)) {
            Optional<Plan> plan = origin.carry(key, carried, claims)
                    .map(found -> found.withNote(Reason.AwaitsTurn, Reason.AwaitsTurn.meaning()));
            return outcome(key, revision, before, skip, Optional.of(Consideration.REMOVAL_WAITS), plan);
        }
        return outcome(key, revision, before, skip, Optional.empty(), Optional.empty());
    }

    /** Nobody knows the policy, and nobody has asked for a change: its parts stay. */
    private boolean isAbsent(PolicyKey key) {
        boolean known = isNear(key) && (book.isDeleting(key) || book.find(key).isPresent());
        return !known && facts.occasion() instanceof Occasion.Reconcile;
    }

    /** A copied receipt may name a policy of another namespace; whatever becomes of that one changes nothing here. */
    private boolean isNear(PolicyKey key) {
        return key.mayReach(facts.ref().namespace());
    }

    /** What the template gave the pod stays; what it left to the pod cannot be had when nobody keeps the revision. */
    private PolicyOutcome ofTemplate(PolicyKey key, Entry carried, Claims claims) {
        if (carried.toPods()) {
            return outcome(
                    key,
                    carried.revision(),
                    revision(carried),
                    new Decision.Skip(Reason.RevisionUnknown, Reason.RevisionUnknown.meaning()),
                    Optional.empty(),
                    Optional.empty());
        }
        return outcome(
                key,
                carried.revision(),
                revision(carried),
                new Decision.Inject(),
                Optional.empty(),
                origin.carry(key, carried, claims));
    }

    /** The outcome for a policy that is not considered: it does not select the template, or not any more. */
    private static PolicyOutcome outcome(
            PolicyKey policy,
            String revision,
            Optional<String> before,
            Decision decision,
            Optional<Hold> hold,
            Optional<Plan> plan) {
        boolean selected = !(decision instanceof Decision.Skip skip && skip.reason() == Reason.NotSelected);
        Optional<Check> by = selected ? Optional.empty() : Optional.of(Check.Selected);
        return new PolicyOutcome(policy, revision, before, decision, by, hold, plan);
    }

    private static Optional<String> revision(@Nullable Entry entry) {
        return entry == null ? Optional.empty() : Optional.of(entry.revision());
    }
}
