package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a policy that can reach a template: whether it may be injected, at which revision, and what that adds.
 *
 * @param owners what earlier policies add
 * @param limits what the API server accepts, with what earlier policies add
 * @param keepRenderer whether parts that another build rendered for a wanted revision stay as that build rendered them
 */
record PolicyEvaluator(
        Input input,
        PolicyIndex index,
        RendererVersion renderer,
        Baseline baseline,
        FieldOwners owners,
        Limits limits,
        boolean keepRenderer) {

    private static final Rules.Ruling PASSED = new Rules.Ruling(new Decision.Inject(), Optional.empty());

    static final Pending REMOVAL_QUEUED = new Pending(Reason.AwaitsTurn, Optional.empty());

    /** The outcome for this policy. */
    PolicyOutcome of(CompiledPolicy policy) {
        PolicyContext context = context(policy);
        Rules.Ruling ruling = Rules.rule(context);
        if (ruling.decision() instanceof Decision.Inject && limits.apply()) {
            Decision limited = limits.decide(Planner.plan(context));
            ruling = new Rules.Ruling(
                    limited, limited instanceof Decision.Inject ? Optional.empty() : Optional.of(Check.Limits));
        }
        Decision decision = ruling.decision();
        if (decision instanceof Decision.Inject) {
            return chosen(policy, context);
        }
        boolean stays = decision instanceof Decision.Refuse refuse
                ? refuse.reason() != Reason.PodSecurity
                : policy.state().audit();
        Optional<Plan> plan = stays
                ? retainedAsIs(policy, Reason.Carried, "what the workload already carries stays")
                : Optional.empty();
        if (!stays && input.trigger().isQueued(policy.key()) && retained(policy) != null) {
            return outcome(policy, ruling, Optional.of(REMOVAL_QUEUED), retainedForNow(policy));
        }
        return outcome(policy, ruling, Optional.empty(), plan);
    }

    private PolicyOutcome chosen(CompiledPolicy policy, PolicyContext context) {
        RevisionChoice choice = input.trigger().choice(policy);
        Optional<Plan> plan = switch (choice.target()) {
            case NONE -> Optional.empty();
            case NEWEST -> Optional.of(rendered(context));
            case PROVEN -> policy.state().proven().flatMap(revision -> ofRevision(policy, revision));
            case RETAINED ->
                policy.state().audit()
                        ? retainedAsIs(policy, Reason.Audited, Reason.Audited.meaning())
                        : atRetained(policy);
        };
        boolean isNewest = plan.filter(given -> given.receipt().revision().equals(policy.revision()))
                .isPresent();
        Optional<Pending> pending = isNewest
                ? Optional.empty()
                : choice.why().map(why -> new Pending(why, Optional.of(Planner.plan(context))));
        return outcome(policy, PASSED, pending, plan);
    }

    /**
     * Renders the revision that the workload has, where it is known, so that missing parts come back; else keeps the
     * parts.
     */
    private Optional<Plan> atRetained(CompiledPolicy policy) {
        Entry retained = retained(policy);
        return retained == null
                ? Optional.empty()
                : ofRevision(policy, retained.revision())
                        .or(() -> retainedAsIs(policy, Reason.RevisionUnknown, Reason.RevisionUnknown.meaning()));
    }

    private Optional<Plan> ofRevision(CompiledPolicy policy, String revision) {
        return index.find(policy.key(), revision)
                .map(this::context)
                .filter(kept -> Rules.decide(kept) instanceof Decision.Inject)
                .map(this::rendered);
    }

    private Plan rendered(PolicyContext context) {
        CompiledPolicy policy = context.policy();
        if (policy.toPods() && !input.pod()) {
            Plan atPods = Planner.plan(context);
            owners.add(atPods);
            limits.add(atPods);
            return new Plan(policy.key(), List.of(), atPods.notes(), ReceiptBuilder.leftToPods(context))
                    .withNote(Reason.LeftToPods, Reason.LeftToPods.meaning());
        }
        Entry retained = retained(policy);
        Optional<Plan> kept = keepRenderer
                        && retained != null
                        && retained.revision().equals(policy.revision())
                        && retained.engine() != context.engineNumber()
                        && Retainer.isComplete(retained, baseline.live(), baseline.retained(), context.apps())
                ? baseline.retain(policy.key(), retained, owners)
                : Optional.empty();
        return kept.orElseGet(() -> Planner.plan(context));
    }

    private Optional<Plan> retainedAsIs(CompiledPolicy policy, Reason reason, String message) {
        Entry retained = retained(policy);
        return retained == null
                ? Optional.empty()
                : baseline.retain(policy.key(), retained, owners).map(found -> found.withNote(reason, message));
    }

    private Optional<Plan> retainedForNow(CompiledPolicy policy) {
        return retainedAsIs(policy, Reason.AwaitsTurn, Reason.AwaitsTurn.meaning());
    }

    private @Nullable Entry retained(CompiledPolicy policy) {
        return baseline.retained().entries().get(policy.key());
    }

    private PolicyContext context(CompiledPolicy version) {
        return PolicyContext.of(input.withTemplate(baseline.user()), version, owners, renderer);
    }

    private PolicyOutcome outcome(
            CompiledPolicy policy, Rules.Ruling ruling, Optional<Pending> pending, Optional<Plan> plan) {
        Optional<String> before = Optional.ofNullable(retained(policy)).map(Entry::revision);
        return new PolicyOutcome(
                policy.key(), policy.revision(), before, ruling.decision(), ruling.by(), pending, plan);
    }
}
