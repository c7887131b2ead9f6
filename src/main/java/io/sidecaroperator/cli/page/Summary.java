package io.sidecaroperator.cli.page;

import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.explain.PolicyExplanation.Verdict;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The result in a sentence or two, which a reader wants to know first. */
final class Summary {
    private static final int NAMED = 3;
    private static final Map<Verdict, String> WORDS = Map.of(
            Verdict.INJECT, "injected", Verdict.HOLD, "held back", Verdict.SKIP, "skipped", Verdict.REFUSE, "refused");

    private Summary() {}

    /** Returns what is done with a policy, in a word. */
    static String word(Verdict verdict) {
        return WORDS.getOrDefault(verdict, "");
    }

    /** Returns the summary of one workload. */
    static String of(WorkloadSection section) {
        List<PolicyExplanation> policies = section.policies();
        if (policies.isEmpty()) {
            return "No policy reaches it: its pods stay as they are.";
        }
        int injected = section.with(Verdict.INJECT).size();
        if (policies.size() == 1) {
            return "Policy " + one(policies.get(0)) + ".";
        } else if (injected == policies.size()) {
            return "All " + injected + " policies are injected.";
        }
        List<String> others = Stream.of(Verdict.REFUSE, Verdict.HOLD, Verdict.SKIP)
                .flatMap(verdict -> section.with(verdict).stream())
                .map(Summary::one)
                .toList();
        String first = injected == 0 ? "None" : String.valueOf(injected);
        return first + " of " + policies.size() + " policies " + (injected == 1 || injected == 0 ? "is" : "are")
                + " injected; " + enumerated(others) + ".";
    }

    private static String one(PolicyExplanation policy) {
        return policy.outcome().policy() + " is " + word(policy.verdict())
                + policy.reason().map(reason -> " (" + reason + ")").orElse("");
    }

    private static String enumerated(List<String> parts) {
        int more = parts.size() - NAMED;
        return parts.stream().limit(NAMED).collect(Collectors.joining("; "))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    /** Returns what that does to the pod. */
    static String consequence(WorkloadSection section) {
        List<Edit> edits = section.edits();
        List<String> parts = new ArrayList<>();
        Map<String, Long> numbers = edits.stream()
                .flatMap(edit -> noun(edit.place()).stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Stream.of(Place.values())
                .flatMap(place -> noun(place).stream())
                .distinct()
                .filter(numbers::containsKey)
                .forEach(noun -> parts.add(plural(numbers.getOrDefault(noun, 0L), noun)));
        if (parts.isEmpty()) {
            return "";
        }
        String last = parts.remove(parts.size() - 1);
        String all = parts.isEmpty() ? last : String.join(", ", parts) + " and " + last;
        boolean there = Engine.CURRENT.inSync(section.injection());
        return (there ? "It already has what they add: " : "The pod gets ") + all + ".";
    }

    /** Returns what an edit of a place adds; empty when the sentence does not count it. */
    private static Optional<String> noun(Place place) {
        return switch (place) {
            case CONTAINERS, INIT_CONTAINERS -> Optional.of("container");
            case VOLUMES -> Optional.of("volume");
            case MOUNTS -> Optional.of("mount");
            case ENV -> Optional.of("environment variable");
            case DEFAULTS -> Optional.of("default");
            case ENV_FROM, LABELS, ANNOTATIONS, PULL_SECRETS, HOST_ALIASES, GRACE_PERIOD -> Optional.empty();
        };
    }

    /** Returns the summary of many workloads. */
    static String of(List<WorkloadSection> sections) {
        long injected = sections.stream()
                .filter(section -> !section.with(Verdict.INJECT).isEmpty())
                .count();
        List<String> parts = new ArrayList<>();
        parts.add(injected + " of " + plural(sections.size(), "workload") + (injected == 1 ? " has" : " have")
                + " a policy injected");
        Stream.of(Verdict.REFUSE, Verdict.HOLD, Verdict.SKIP).forEach(verdict -> {
            long with = sections.stream()
                    .filter(section -> !section.with(verdict).isEmpty())
                    .count();
            if (with > 0) {
                parts.add("at " + with + " a policy is " + word(verdict));
            }
        });
        long none = sections.stream()
                .filter(section -> section.policies().isEmpty())
                .count();
        if (none > 0) {
            parts.add(none + (none == 1 ? " is" : " are") + " reached by none");
        }
        return String.join("; ", parts) + ".";
    }

    /** Returns a number with its noun. */
    static String plural(long number, String word) {
        String many = word.endsWith("y") ? word.substring(0, word.length() - 1) + "ies" : word + "s";
        return number + " " + (number == 1 ? word : many);
    }
}
