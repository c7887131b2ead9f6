package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import io.sidecaroperator.core.receipt.Stripper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One call of {@link Engine#inject}: from the user's own part, each policy in order. */
final class Injector {
    private final Input facts;
    private final PolicyIndex book;
    private final RendererVersion rendering;
    private final Baseline origin;

    /**
     * @param released policies whose parts are the user's from now on
     */
    Injector(Input facts, PolicyIndex book, RendererVersion rendering, Set<PolicyKey> released) {
        this.facts = facts;
        this.book = book;
        this.rendering = rendering;
        this.origin = new Baseline(facts, book, rendering, released);
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
            Stripper.keepMounted(origin.user(), unclaimed, origin.notes());
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
                .filter(volume -> !added.contains(Json.nameOf(volume)))
                .toList();
    }

    private ObjectNode applied(List<PolicyOutcome> outcomes) {
        return Applier.apply(
                origin.user(),
                outcomes.stream().flatMap(outcome -> outcome.plan().stream()).toList());
    }

    private List<PolicyOutcome> outcomes(boolean keepRendering) {
        FieldOwners claims = new FieldOwners();
        Limits limits = new Limits(facts.namespace(), facts.server(), origin.user());
        PolicyEvaluator consideration = new PolicyEvaluator(facts, book, rendering, origin, claims, limits, keepRendering);
        List<PolicyOutcome> outcomes = new ArrayList<>();
        for (PolicyKey key : sequence()) {
            CompiledPolicy policy = origin.candidates().get(key);
            PolicyOutcome outcome = policy == null ? absent(key, claims) : consideration.of(policy);
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
        if (facts.occasion().followsReceipt()) {
            // What the template gave is there already; what was left to the pod comes after it.
            order.sort((one, other) -> Boolean.compare(isLeftToPod(one), isLeftToPod(other)));
        }
        return new LinkedHashSet<>(order);
    }

    private boolean isLeftToPod(PolicyKey key) {
        Entry entry = origin.carried().entries().get(key);
        return entry != null && entry.toPods();
    }

    /** A policy that the receipt names and that does not reach the template. */
    private PolicyOutcome absent(PolicyKey key, FieldOwners claims) {
        Entry carried = Objects.requireNonNull(origin.carried().entries().get(key));
        Absence absence = Absence.of(key, carried, facts, book);
        return switch (absence) {
            case OF_TEMPLATE -> outcome(key, carried, absence, origin.carry(key, carried, claims));
            case REVISION_UNKNOWN -> outcome(key, carried, absence, Optional.empty());
            case ORPHANED -> outcome(key, carried, absence, kept(key, carried, claims, Reason.LeftToUser));
            case AUDITED -> outcome(key, carried, absence, kept(key, carried, claims, Reason.Carried));
            case LOST -> outcome(key, carried, absence, kept(key, carried, claims, Reason.Orphaned));
            case DELETING, UNSELECTED, GONE ->
                facts.occasion().awaitsTurn(key)
                        ? outcome(key, carried, absence, kept(key, carried, claims, Reason.AwaitsTurn))
                                .heldBy(PolicyEvaluator.REMOVAL_WAITS)
                        : outcome(key, carried, absence, Optional.empty());
        };
    }

    private Optional<Plan> kept(PolicyKey key, Entry carried, FieldOwners claims, Reason note) {
        return origin.carry(key, carried, claims).map(plan -> plan.withNote(note, note.meaning()));
    }

    private PolicyOutcome outcome(PolicyKey key, Entry carried, Absence absence, Optional<Plan> plan) {
        boolean known =
                !facts.occasion().followsReceipt() && key.mayReach(facts.ref().namespace());
        String revision = (known ? book.find(key) : Optional.<CompiledPolicy>empty())
                .map(CompiledPolicy::revision)
                .orElse(carried.revision());
        boolean selected = !(absence.decision() instanceof Decision.Skip skip && skip.reason() == Reason.NotSelected);
        return new PolicyOutcome(
                key,
                revision,
                Optional.of(carried.revision()),
                absence.decision(),
                selected ? Optional.empty() : Optional.of(Check.Selected),
                Optional.empty(),
                plan);
    }
}
