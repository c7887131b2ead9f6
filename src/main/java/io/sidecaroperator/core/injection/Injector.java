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

/** One call of {@link Engine#inject}: starts from the user's own part and evaluates each policy in order. */
final class Injector {
    private final Input input;
    private final PolicyIndex index;
    private final RendererVersion renderer;
    private final Baseline baseline;

    /**
     * @param released policies whose parts are the user's from now on
     */
    Injector(Input input, PolicyIndex index, RendererVersion renderer, Set<PolicyKey> released) {
        this.input = input;
        this.index = index;
        this.renderer = renderer;
        this.baseline = new Baseline(input, index, renderer, released);
    }

    Injection result() {
        if (baseline.isUnchanged()) {
            // The change does not concern the pods. So no pod is replaced, whatever the policies say now.
            return new Injection(input, baseline.user(), baseline.live(), baseline.live(), List.of(), baseline.notes());
        }
        List<PolicyOutcome> outcomes = outcomes(false);
        List<ObjectNode> unclaimed = unclaimed(outcomes);
        if (!unclaimed.isEmpty()) {
            // A volume that the user now mounts joins the user's own before other policies add volumes.
            Stripper.keepMounted(baseline.user(), unclaimed, baseline.notes());
            outcomes = outcomes(false);
        }
        List<Note> overrides =
                WorkloadOverrides.of(new PodTemplate(baseline.user())).problems(reaching(outcomes));
        ObjectNode template = applied(outcomes);
        ObjectNode comparable = isOtherEngine(outcomes) ? applied(outcomes(true)) : template;
        List<Note> notes = new ArrayList<>(baseline.notes());
        notes.addAll(overrides);
        return new Injection(input, baseline.user(), template, comparable, outcomes, notes);
    }

    /** Whether another build has rendered a revision that would be rendered again. */
    private boolean isOtherEngine(List<PolicyOutcome> outcomes) {
        return outcomes.stream().anyMatch(outcome -> {
            Entry retained = baseline.retained().entries().get(outcome.policy());
            return retained != null
                    && outcome.plan()
                            .map(Plan::receipt)
                            .filter(entry -> !entry.toPods()
                                    && entry.revision().equals(retained.revision())
                                    && entry.engine() != retained.engine())
                            .isPresent();
        });
    }

    private List<CompiledPolicy> reaching(List<PolicyOutcome> outcomes) {
        return outcomes.stream()
                .filter(PolicyOutcome::matched)
                .flatMap(outcome -> Stream.ofNullable(baseline.candidates().get(outcome.policy())))
                .toList();
    }

    /** The volumes that stripping removed and that no policy adds again. */
    private List<ObjectNode> unclaimed(List<PolicyOutcome> outcomes) {
        Set<String> added = outcomes.stream()
                .flatMap(outcome -> outcome.plan().stream())
                .flatMap(plan -> plan.edits().stream())
                .filter(edit -> edit.place() == Place.VOLUMES)
                .map(Edit::key)
                .collect(Collectors.toSet());
        return baseline.takenVolumes().stream()
                .filter(volume -> !added.contains(Json.nameOf(volume)))
                .toList();
    }

    private ObjectNode applied(List<PolicyOutcome> outcomes) {
        return Applier.apply(
                baseline.user(),
                outcomes.stream().flatMap(outcome -> outcome.plan().stream()).toList());
    }

    private List<PolicyOutcome> outcomes(boolean keepRenderer) {
        FieldOwners owners = new FieldOwners();
        Limits limits = new Limits(input.namespace(), input.server(), baseline.user());
        PolicyEvaluator evaluator = new PolicyEvaluator(input, index, renderer, baseline, owners, limits, keepRenderer);
        List<PolicyOutcome> outcomes = new ArrayList<>();
        for (PolicyKey key : sequence()) {
            CompiledPolicy policy = baseline.candidates().get(key);
            PolicyOutcome outcome = policy == null ? absent(key, owners) : evaluator.of(policy);
            outcome.plan().ifPresent(owners::add);
            outcome.plan().ifPresent(limits::add);
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /** The order of the policy index. A policy that only the receipt knows follows the one before it in the receipt. */
    private Set<PolicyKey> sequence() {
        List<PolicyKey> order = new ArrayList<>(baseline.candidates().keySet());
        int next = 0;
        for (PolicyKey key : baseline.retained().entries().keySet()) {
            int known = order.indexOf(key);
            if (known >= 0) {
                next = known + 1;
            } else {
                order.add(next++, key);
            }
        }
        if (input.trigger().followsReceipt()) {
            // What the template gave is already there. What it left to the pod comes after.
            order.sort((one, other) -> Boolean.compare(isLeftToPod(one), isLeftToPod(other)));
        }
        return new LinkedHashSet<>(order);
    }

    private boolean isLeftToPod(PolicyKey key) {
        Entry entry = baseline.retained().entries().get(key);
        return entry != null && entry.toPods();
    }

    /** Returns the outcome of a policy that the receipt names and that does not reach the template. */
    private PolicyOutcome absent(PolicyKey key, FieldOwners owners) {
        Entry retained = Objects.requireNonNull(baseline.retained().entries().get(key));
        Absence absence = Absence.of(key, retained, input, index);
        return switch (absence) {
            case OF_TEMPLATE -> outcome(key, retained, absence, baseline.retain(key, retained, owners));
            case REVISION_UNKNOWN -> outcome(key, retained, absence, Optional.empty());
            case ORPHANED -> outcome(key, retained, absence, kept(key, retained, owners, Reason.LeftToUser));
            case AUDITED -> outcome(key, retained, absence, kept(key, retained, owners, Reason.Carried));
            case LOST -> outcome(key, retained, absence, kept(key, retained, owners, Reason.Orphaned));
            case DELETING, UNSELECTED, GONE ->
                input.trigger().isQueued(key)
                        ? outcome(key, retained, absence, kept(key, retained, owners, Reason.AwaitsTurn))
                                .pendingFor(PolicyEvaluator.REMOVAL_QUEUED)
                        : outcome(key, retained, absence, Optional.empty());
        };
    }

    private Optional<Plan> kept(PolicyKey key, Entry retained, FieldOwners owners, Reason note) {
        return baseline.retain(key, retained, owners).map(plan -> plan.withNote(note, note.meaning()));
    }

    private PolicyOutcome outcome(PolicyKey key, Entry retained, Absence absence, Optional<Plan> plan) {
        boolean known =
                !input.trigger().followsReceipt() && key.mayReach(input.ref().namespace());
        String revision = (known ? index.find(key) : Optional.<CompiledPolicy>empty())
                .map(CompiledPolicy::revision)
                .orElse(retained.revision());
        boolean selected = !(absence.decision() instanceof Decision.Skip skip && skip.reason() == Reason.NotSelected);
        return new PolicyOutcome(
                key,
                revision,
                Optional.of(retained.revision()),
                absence.decision(),
                selected ? Optional.empty() : Optional.of(Check.Selected),
                Optional.empty(),
                plan);
    }
}
