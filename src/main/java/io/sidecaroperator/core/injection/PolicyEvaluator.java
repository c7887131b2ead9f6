package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a policy that can reach a template: may it be injected, at which revision, and what does that add.
 *
 * @param claims what earlier policies add
 * @param limits what the API server takes, with what earlier policies add
 * @param keepRendering whether what another build rendered for a wanted revision is left as that build rendered it
 */
record PolicyEvaluator(
        Input facts,
        PolicyIndex book,
        RendererVersion rendering,
        Baseline origin,
        FieldOwners claims,
        Limits limits,
        boolean keepRendering) {

    private static final Rules.Ruling PASSED = new Rules.Ruling(new Decision.Inject(), Optional.empty());

    static final Pending REMOVAL_WAITS = new Pending(Reason.AwaitsTurn, Optional.empty());

    /** The outcome for this policy. */
    PolicyOutcome of(CompiledPolicy policy) {
        PolicyContext situation = situation(policy);
        Rules.Ruling ruling = Rules.rule(situation);
        if (ruling.decision() instanceof Decision.Inject && limits.apply()) {
            Decision limited = limits.decide(Planner.plan(situation));
            ruling = new Rules.Ruling(
                    limited, limited instanceof Decision.Inject ? Optional.empty() : Optional.of(Check.Limits));
        }
        Decision decision = ruling.decision();
        if (decision instanceof Decision.Inject) {
            return chosen(policy, situation);
        }
        boolean stays = decision instanceof Decision.Refuse refuse
                ? refuse.reason() != Reason.PodSecurity
                : policy.state().audit();
        Optional<Plan> plan = stays
                ? carriedAsIs(policy, Reason.Carried, "what the workload already carries stays")
                : Optional.empty();
        if (!stays && facts.occasion().awaitsTurn(policy.key()) && carried(policy) != null) {
            return outcome(policy, ruling, Optional.of(REMOVAL_WAITS), carriedForNow(policy));
        }
        return outcome(policy, ruling, Optional.empty(), plan);
    }

    private PolicyOutcome chosen(CompiledPolicy policy, PolicyContext situation) {
        RevisionChoice choice = facts.occasion().choice(policy);
        Optional<Plan> plan = switch (choice.wish()) {
            case NONE -> Optional.empty();
            case NEWEST -> Optional.of(rendered(situation));
            case PROVEN -> policy.state().proven().flatMap(revision -> ofRevision(policy, revision));
            case CARRIED ->
                policy.state().audit()
                        ? carriedAsIs(policy, Reason.Audited, Reason.Audited.meaning())
                        : atCarried(policy);
        };
        boolean isNewest = plan.filter(given -> given.receipt().revision().equals(policy.revision()))
                .isPresent();
        Optional<Pending> hold = isNewest
                ? Optional.empty()
                : choice.why().map(why -> new Pending(why, Optional.of(Planner.plan(situation))));
        return outcome(policy, PASSED, hold, plan);
    }

    /** What the workload carries, rendered anew where its revision is known, so that what is missing comes back. */
    private Optional<Plan> atCarried(CompiledPolicy policy) {
        Entry carried = carried(policy);
        return carried == null
                ? Optional.empty()
                : ofRevision(policy, carried.revision())
                        .or(() -> carriedAsIs(policy, Reason.RevisionUnknown, Reason.RevisionUnknown.meaning()));
    }

    private Optional<Plan> ofRevision(CompiledPolicy policy, String revision) {
        return book.find(policy.key(), revision)
                .map(this::situation)
                .filter(kept -> Rules.decide(kept) instanceof Decision.Inject)
                .map(this::rendered);
    }

    private Plan rendered(PolicyContext situation) {
        CompiledPolicy policy = situation.policy();
        if (policy.toPods() && !facts.pod()) {
            Plan atPods = Planner.plan(situation);
            claims.add(atPods);
            limits.add(atPods);
            return new Plan(policy.key(), List.of(), atPods.notes(), ReceiptBuilder.leftToPods(situation))
                    .withNote(Reason.LeftToPods, Reason.LeftToPods.meaning());
        }
        Entry carried = carried(policy);
        Optional<Plan> kept = keepRendering
                        && carried != null
                        && carried.revision().equals(policy.revision())
                        && carried.engine() != situation.engineNumber()
                        && Retainer.isComplete(carried, origin.live(), origin.carried(), situation.apps())
                ? origin.carry(policy.key(), carried, claims)
                : Optional.empty();
        return kept.orElseGet(() -> Planner.plan(situation));
    }

    private Optional<Plan> carriedAsIs(CompiledPolicy policy, Reason reason, String message) {
        Entry carried = carried(policy);
        return carried == null
                ? Optional.empty()
                : origin.carry(policy.key(), carried, claims).map(found -> found.withNote(reason, message));
    }

    private Optional<Plan> carriedForNow(CompiledPolicy policy) {
        return carriedAsIs(policy, Reason.AwaitsTurn, Reason.AwaitsTurn.meaning());
    }

    private @Nullable Entry carried(CompiledPolicy policy) {
        return origin.carried().entries().get(policy.key());
    }

    private PolicyContext situation(CompiledPolicy version) {
        return PolicyContext.of(facts.withTemplate(origin.user()), version, claims, rendering);
    }

    private PolicyOutcome outcome(
            CompiledPolicy policy, Rules.Ruling ruling, Optional<Pending> hold, Optional<Plan> plan) {
        Optional<String> before = Optional.ofNullable(carried(policy)).map(Entry::revision);
        return new PolicyOutcome(policy.key(), policy.revision(), before, ruling.decision(), ruling.by(), hold, plan);
    }
}
