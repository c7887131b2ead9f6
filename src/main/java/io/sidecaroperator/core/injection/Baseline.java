package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import io.sidecaroperator.core.receipt.Receipts;
import io.sidecaroperator.core.receipt.Stripper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The starting point of an injection: the user's own part of a template, and the parts that count as the policies'. */
final class Baseline {
    private final Input input;
    private final PolicyIndex index;
    private final RendererVersion renderer;
    private final Set<PolicyKey> released;
    private final List<Note> notes = new ArrayList<>();
    private final List<ObjectNode> takenVolumes = new ArrayList<>();
    private final ObjectNode live;
    private final ObjectNode stripped;
    private final Map<PolicyKey, CompiledPolicy> candidates;
    private final ObjectNode user;
    private Receipt retained;

    /**
     * @param released policies whose parts are the user's from now on, so they are not stripped
     */
    Baseline(Input input, PolicyIndex index, RendererVersion renderer, Set<PolicyKey> released) {
        this.input = input;
        this.index = index;
        this.renderer = renderer;
        this.released = released;
        Receipt own = Receipts.of(input.template(), notes).orElse(Receipt.EMPTY);
        this.live = input.trigger().baseline(input.template());
        this.retained = retainedBy(own).without(released);
        this.stripped = strippedOf(input.template(), own);
        this.candidates = candidatesOf(stripped);
        this.user = adopt(stripped);
    }

    /** The template whose parts count as retained. */
    ObjectNode live() {
        return live;
    }

    /**
     * The receipt of what the workload has; after adoption, with the entries of the parts that were proven to be ours.
     */
    Receipt retained() {
        return retained;
    }

    /** The user's own part. */
    ObjectNode user() {
        return user;
    }

    /** The policies that can reach it, by their names, in the order of injection. */
    Map<PolicyKey, CompiledPolicy> candidates() {
        return candidates;
    }

    private Map<PolicyKey, CompiledPolicy> candidatesOf(ObjectNode template) {
        Map<PolicyKey, CompiledPolicy> found = new LinkedHashMap<>();
        if (input.trigger().followsReceipt()) {
            retained.entries().forEach((key, entry) -> {
                if (entry.toPods() && key.mayReach(input.ref().namespace())) {
                    index.find(key, entry.revision()).ifPresent(policy -> found.put(key, policy));
                }
            });
            return found;
        }
        index.candidates(input.ref().namespace(), input.namespace().labels(), new PodTemplate(template).labels())
                .forEach(policy -> found.put(policy.key(), policy));
        return found;
    }

    /** Returns a plan that keeps what the template has of this entry as it is; empty when that cannot stay. */
    Optional<Plan> retain(PolicyKey policy, Entry entry, FieldOwners owners) {
        return Retainer.retain(policy, entry, live, retained, new PodTemplate(user), input.claimNames(), owners);
    }

    /** What the user should know about how the template was stripped. */
    List<Note> notes() {
        return notes;
    }

    /** The volumes that stripping removed, as they were. */
    List<ObjectNode> takenVolumes() {
        return takenVolumes;
    }

    /** Whether another client's change of a stored workload left the user's part as it was. */
    boolean isUnchanged() {
        return input.trigger()
                .stored()
                .filter(before ->
                        stripped.equals(Stripper.strip(before, retained).template()))
                .isPresent();
    }

    private Receipt retainedBy(Receipt own) {
        if (!input.trigger().trustsReceipt()) {
            return Receipt.EMPTY;
        }
        return input.trigger().stored().map(Receipts::of).orElse(own);
    }

    /**
     * After another client's change, some of our parts may be in the new receipt, some in the old one, and some in
     * both.
     */
    private ObjectNode strippedOf(ObjectNode template, Receipt own) {
        ObjectNode base = Receipts.isOn(template) ? strip(template, own.without(released)) : template;
        return retained.equals(own.without(released)) ? base : strip(base, retained);
    }

    private ObjectNode strip(ObjectNode template, Receipt entries) {
        Stripper.StrippedTemplate result = Stripper.strip(template, entries);
        notes.addAll(result.notes());
        takenVolumes.addAll(result.volumes());
        return result.template();
    }

    /**
     * Strips parts that are proven to be ours although no receipt lists them. What one policy gives back may prove the
     * next.
     */
    private ObjectNode adopt(ObjectNode template) {
        ObjectNode base = template;
        boolean found = true;
        while (found) {
            found = false;
            for (CompiledPolicy policy : candidates.values()) {
                Optional<Entry> entry = mayAdopt(policy) ? adopted(policy, base) : Optional.empty();
                if (entry.isPresent()) {
                    found = true;
                    base = strip(base, new Receipt(Map.of(policy.key(), entry.get())));
                    retained = retained.with(policy.key(), entry.get());
                    notes.add(new Note(Reason.Adopted, "policy " + policy.key() + ": " + Reason.Adopted.meaning()));
                }
            }
        }
        return base;
    }

    private boolean mayAdopt(CompiledPolicy policy) {
        return input.trigger().mayAdopt(policy)
                && !policy.state().audit()
                && (input.pod() || !policy.toPods())
                && !retained.entries().containsKey(policy.key());
    }

    private Optional<Entry> adopted(CompiledPolicy policy, ObjectNode base) {
        return index.revisions(policy.key()).stream()
                .flatMap(revision -> Adoption.find(input.withTemplate(base), revision, renderer).stream())
                .findFirst();
    }
}
