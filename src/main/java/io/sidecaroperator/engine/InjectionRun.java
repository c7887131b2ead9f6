package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Receipt.Entry;
import io.sidecaroperator.tree.PodTemplate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One call of {@link Engine#inject}: strip, then each policy in order. */
final class InjectionRun {
    private final Facts facts;
    private final PolicyBook book;
    private final Rendering rendering;
    private final List<Note> notes = new ArrayList<>();
    private Receipt receipt;
    private final List<ObjectNode> takenVolumes = new ArrayList<>();
    private final ObjectNode user;
    private final Map<PolicyKey, CompiledPolicy> candidates;
    private boolean otherEngine;

    InjectionRun(Facts facts, PolicyBook book, Rendering rendering) {
        this.facts = facts;
        this.book = book;
        this.rendering = rendering;
        this.receipt = Engine.receiptOf(facts.template(), notes).orElse(Receipt.EMPTY);
        ObjectNode stripped = Engine.hasReceipt(facts.template()) ? strip(facts.template(), receipt) : facts.template();
        this.candidates = book.candidates(facts.ref().namespace(), new PodTemplate(stripped).labels()).stream()
                .collect(Collectors.toMap(
                        CompiledPolicy::key, policy -> policy, (one, other) -> one, java.util.LinkedHashMap::new));
        this.user = adopt(stripped);
    }

    Injection result() {
        List<PolicyOutcome> outcomes = outcomes(false);
        List<ObjectNode> unclaimed = unclaimed(outcomes);
        if (!unclaimed.isEmpty()) {
            // A volume that the user has mounted by now joins the user's own before anybody else's volumes are added.
            Engine.keepMountedVolumes(user, unclaimed, notes);
            outcomes = outcomes(false);
        }
        notes.addAll(WorkloadOverrides.of(new PodTemplate(user)).problems(reaching(outcomes)));
        ObjectNode template = applied(outcomes);
        ObjectNode comparable = otherEngine ? applied(outcomes(true)) : template;
        return new Injection(facts, user, template, comparable, outcomes, notes);
    }

    private List<CompiledPolicy> reaching(List<PolicyOutcome> outcomes) {
        return outcomes.stream()
                .filter(PolicyOutcome::matched)
                .flatMap(outcome -> Stream.ofNullable(candidates.get(outcome.policy())))
                .toList();
    }

    /** The volumes that were taken and that no policy adds again. */
    private List<ObjectNode> unclaimed(List<PolicyOutcome> outcomes) {
        Set<String> added = outcomes.stream()
                .flatMap(outcome -> outcome.plan().stream())
                .flatMap(plan -> plan.edits().stream())
                .flatMap(edit -> edit instanceof Edit.AddVolume add ? Stream.of(add.volume()) : Stream.empty())
                .map(Situation::nameOf)
                .collect(Collectors.toSet());
        return takenVolumes.stream()
                .filter(volume -> !added.contains(Situation.nameOf(volume)))
                .toList();
    }

    private ObjectNode applied(List<PolicyOutcome> outcomes) {
        return Applier.apply(
                user,
                outcomes.stream().flatMap(outcome -> outcome.plan().stream()).toList());
    }

    private ObjectNode strip(ObjectNode template, Receipt entries) {
        Stripper.Result result = Stripper.strip(template, entries);
        notes.addAll(result.notes());
        takenVolumes.addAll(result.volumes());
        return result.template();
    }

    /** Strips what is proven to be ours though no receipt says so; what one policy gives back may prove the next. */
    private ObjectNode adopt(ObjectNode stripped) {
        ObjectNode base = stripped;
        boolean found = true;
        while (found) {
            found = false;
            for (CompiledPolicy policy : candidates.values()) {
                Optional<Entry> entry = receipt.entries().containsKey(policy.key())
                        ? Optional.empty()
                        : Adoption.find(facts.withTemplate(base), policy, rendering);
                if (entry.isPresent()) {
                    found = true;
                    base = strip(base, new Receipt(Map.of(policy.key(), entry.get())));
                    receipt = receipt.with(policy.key(), entry.get());
                    notes.add(new Note(Reason.Adopted, "policy " + policy.key() + ": " + Reason.Adopted.meaning()));
                }
            }
        }
        return base;
    }

    private List<PolicyOutcome> outcomes(boolean keepRendering) {
        Claims claims = new Claims();
        List<PolicyOutcome> outcomes = new ArrayList<>();
        for (PolicyKey key : sequence()) {
            CompiledPolicy policy = candidates.get(key);
            Entry carried = receipt.entries().get(key);
            PolicyOutcome outcome = policy == null
                    ? departed(key, carried, claims)
                    : considered(policy, carried, claims, keepRendering);
            outcome.plan().ifPresent(claims::add);
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /** The book's order; a policy that only the receipt knows keeps its place after the one before it in the receipt. */
    private Set<PolicyKey> sequence() {
        List<PolicyKey> order = new ArrayList<>(candidates.keySet());
        int next = 0;
        for (PolicyKey key : receipt.entries().keySet()) {
            int known = order.indexOf(key);
            if (known >= 0) {
                next = known + 1;
            } else {
                order.add(next++, key);
            }
        }
        return new LinkedHashSet<>(order);
    }

    private PolicyOutcome considered(
            CompiledPolicy policy, @Nullable Entry carried, Claims claims, boolean keepRendering) {
        Situation situation = Situation.of(facts.withTemplate(user), policy, claims, rendering);
        Decision decision = Rules.decide(situation);
        Optional<Plan> plan = Optional.empty();
        if (decision instanceof Decision.Inject) {
            if (carried != null && isOtherEngine(carried, situation)) {
                otherEngine = true;
                plan = keepRendering && Carrier.isComplete(carried, facts.template(), receipt, situation.apps())
                        ? carry(policy.key(), carried, claims)
                        : Optional.empty();
            }
            plan = plan.or(() -> Optional.of(Planner.plan(situation)));
        } else if (decision instanceof Decision.Refuse && carried != null) {
            plan = carry(policy.key(), carried, claims)
                    .map(found -> withNote(found, Reason.Carried, "what the workload already carries stays"));
        }
        return new PolicyOutcome(policy.key(), policy.revision(), revision(carried), decision, plan);
    }

    private static boolean isOtherEngine(Entry carried, Situation situation) {
        return carried.revision().equals(situation.policy().revision()) && carried.engine() != situation.engineNumber();
    }

    /** A policy that the receipt names and that does not reach the template (any more). */
    private PolicyOutcome departed(PolicyKey key, @Nullable Entry carried, Claims claims) {
        boolean known = book.isDeleting(key) || book.find(key).isPresent();
        String revision = book.find(key)
                .map(CompiledPolicy::revision)
                .orElse(revision(carried).orElse(""));
        if (known || carried == null || facts.absent() == Facts.Absent.STRIP) {
            String why = book.isDeleting(key)
                    ? "the policy is being deleted"
                    : known ? Reason.NotSelected.meaning() : "no such policy";
            return new PolicyOutcome(
                    key, revision, revision(carried), new Decision.Skip(Reason.NotSelected, why), Optional.empty());
        }
        Optional<Plan> plan =
                carry(key, carried, claims).map(found -> withNote(found, Reason.Orphaned, Reason.Orphaned.meaning()));
        return new PolicyOutcome(
                key, revision, revision(carried), new Decision.Skip(Reason.Orphaned, Reason.Orphaned.meaning()), plan);
    }

    private Optional<Plan> carry(PolicyKey key, Entry carried, Claims claims) {
        return Carrier.carry(key, carried, facts.template(), receipt, new PodTemplate(user), claims);
    }

    private static Plan withNote(Plan plan, Reason reason, String message) {
        List<Note> notes = new ArrayList<>(plan.notes());
        notes.add(new Note(reason, message));
        return new Plan(plan.policy(), plan.edits(), notes, plan.receipt());
    }

    private static Optional<String> revision(@Nullable Entry entry) {
        return entry == null ? Optional.empty() : Optional.of(entry.revision());
    }
}
