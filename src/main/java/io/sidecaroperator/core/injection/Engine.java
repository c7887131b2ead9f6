package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.receipt.Receipts;
import io.sidecaroperator.core.receipt.Stripper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The entry point of the engine, for every adapter. Pure: the same input gives the same bytes, and the input stays as
 * it is.
 */
public final class Engine {
    /** The engine of this build. */
    public static final Engine CURRENT = new Engine(RendererVersion.CURRENT);

    private final RendererVersion renderer;

    public Engine(RendererVersion renderer) {
        this.renderer = renderer;
    }

    /** The user's own template, and what the user should know about how it was stripped. */
    public record Stripped(ObjectNode template, List<Note> notes) {
        public Stripped {
            notes = List.copyOf(notes);
        }
    }

    /** Returns the template as these policies want it: stripped, then each policy in order decides, plans and adds. */
    public Injection inject(Input input, PolicyIndex index) {
        Set<PolicyKey> orphans = orphans(input, index);
        boolean waits = !input.trigger().isChange()
                && orphans.stream()
                        .filter(key -> key.mayReach(input.ref().namespace()))
                        .noneMatch(key -> index.find(key).isPresent());
        if (!orphans.isEmpty() && waits) {
            // Their entries leave the receipt with the template's next change. They alone are no reason to change it.
            Injection kept = new Injector(input, index, renderer, Set.of()).result();
            if (inSync(kept)) {
                return kept;
            }
        }
        return new Injector(input, index, renderer, orphans).result();
    }

    /** The policies that left what they added to the user, as far as the receipt still names them. */
    private static Set<PolicyKey> orphans(Input input, PolicyIndex index) {
        if (input.orphaned().isEmpty() && index.orphaned().isEmpty()) {
            return Set.of();
        }
        Set<PolicyKey> orphans = new HashSet<>(input.orphaned());
        index.orphaned().stream()
                .filter(key -> key.mayReach(input.ref().namespace()))
                .forEach(orphans::add);
        ObjectNode baseline = input.trigger().baseline(input.template());
        Set<PolicyKey> named =
                new HashSet<>(Receipts.of(input.template()).entries().keySet());
        named.addAll(Receipts.of(baseline).entries().keySet());
        orphans.retainAll(named);
        return orphans;
    }

    /**
     * Whether the live template already is what the policies want, so that no write is needed: every field that we
     * render is present and equal, and no other part of ours is there. A receipt of the wanted revision with another
     * renderer version is compared by names only, so that a new build restarts no pod.
     */
    public boolean inSync(Injection injection) {
        return Sync.inSync(injection.input().template(), injection.comparable());
    }

    /** Returns the user's own template, by the receipt alone. */
    public static Stripped strip(ObjectNode template) {
        return strip(template, Set.of());
    }

    /**
     * Returns the same where the parts of these policies have become the user's. Their entries leave with the receipt.
     */
    public static Stripped strip(ObjectNode template, Set<PolicyKey> orphaned) {
        List<Note> notes = new ArrayList<>();
        Optional<Receipt> receipt = Receipts.of(template, notes);
        if (receipt.isEmpty() && !Receipts.isOn(template)) {
            return new Stripped(template, notes);
        }
        Stripper.StrippedTemplate result =
                Stripper.strip(template, receipt.orElse(Receipt.EMPTY).without(orphaned));
        notes.addAll(result.notes());
        Stripper.keepMounted(result.template(), result.volumes(), notes);
        return new Stripped(result.template(), notes);
    }

    /** The receipt of a template; empty when it has no receipt, or an unreadable one. */
    public static Optional<Receipt> receiptOf(ObjectNode template) {
        return Receipts.of(template, new ArrayList<>());
    }

    /** Whether the template has the receipt annotation, readable or not. */
    public static boolean hasReceipt(ObjectNode template) {
        return Receipts.isOn(template);
    }
}
