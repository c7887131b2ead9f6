package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.cluster.ObservedPolicy;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.model.PolicyKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows policies again and again: redrawn in place for a person, one line for each change for a pipe. It polls every
 * two seconds, so it needs only the permissions of a single read.
 */
final class StatusWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final int PATIENCE = 5;

    private final Console console;
    private final Clock clock;
    private final Pause pause;
    private final Map<PolicyKey, String> reported = new HashMap<>();
    private List<String> doubted = List.of();
    private int drawn;

    /** Reads policies, and the doubts about their status. */
    interface Source {
        List<ObservedPolicy> policies();

        /** Returns why policies that report ready may not be ready, one line each. */
        default List<String> doubts(List<ObservedPolicy> ready) {
            return List.of();
        }
    }

    /** Waits between two reads. Tests replace it. */
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /**
     * When to end.
     *
     * @param untilReady end when all policies are ready, or one will not become ready
     * @param timeout end at the latest after this time; null for never
     */
    record End(boolean untilReady, @Nullable Duration timeout) {}

    StatusWatch(Console console, Clock clock, Pause pause) {
        this.console = console;
        this.clock = clock;
        this.pause = pause;
    }

    /** Watches. Returns the exit code. */
    int run(Source source, End end) {
        Instant start = clock.instant();
        List<InputException> failures = new ArrayList<>();
        while (true) {
            Optional<List<ObservedPolicy>> policies = poll(source, failures);
            if (policies.isPresent()) {
                show(policies.get());
                Optional<Integer> code = end.untilReady() ? verdict(source, policies.get()) : Optional.empty();
                if (code.isPresent()) {
                    return code.get();
                }
            }
            Duration timeout = end.timeout();
            Duration left = timeout == null ? INTERVAL : timeout.minus(Duration.between(start, clock.instant()));
            if (left.isNegative() || left.isZero()) {
                return timedOut(Objects.requireNonNull(timeout), failures);
            }
            try {
                pause.of(left.compareTo(INTERVAL) < 0 ? left : INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.DONE;
            }
        }
    }

    /**
     * Reads once. An API server that restarts is waited for; {@code failures} are those since the last successful read.
     */
    private static Optional<List<ObservedPolicy>> poll(Source source, List<InputException> failures) {
        try {
            List<ObservedPolicy> policies = source.policies();
            failures.clear();
            return Optional.of(policies);
        } catch (InputException e) {
            failures.add(e);
            if (failures.size() >= PATIENCE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /**
     * Ends after the timeout. If the last read failed, the state of the policies is unknown, and the message says so.
     */
    private int timedOut(Duration timeout, List<InputException> failures) {
        String message = "timed out after " + timeout.toSeconds() + " s";
        if (!failures.isEmpty()) {
            throw new InputException(
                    message + ": " + failures.get(failures.size() - 1).getMessage());
        }
        console.print(message + "\n");
        return ExitCode.DIFFERENT;
    }

    private Optional<Integer> verdict(Source source, List<ObservedPolicy> policies) {
        if (policies.stream().anyMatch(ObservedPolicy::isStalled)) {
            return Optional.of(ExitCode.DIFFERENT);
        }
        boolean ready = !policies.isEmpty() && policies.stream().allMatch(ObservedPolicy::isReady);
        return ready && believed(source.doubts(policies)) ? Optional.of(ExitCode.DONE) : Optional.empty();
    }

    /** Prints doubts once. On a terminal, the next state is drawn below them. */
    private boolean believed(List<String> doubts) {
        if (!doubts.isEmpty() && !doubts.equals(doubted)) {
            doubts.forEach(line -> console.print(line + "\n"));
            drawn = 0;
        }
        doubted = doubts;
        return doubts.isEmpty();
    }

    private void show(List<ObservedPolicy> policies) {
        if (console.terminal().out()) {
            redraw(policies);
        } else {
            append(policies);
        }
    }

    private void redraw(List<ObservedPolicy> policies) {
        StringBuilder text = new StringBuilder(drawn == 0 ? "" : "\u001b[" + drawn + "A\u001b[J");
        int width = policies.stream()
                .mapToInt(policy -> policy.key().toString().length())
                .max()
                .orElse(0);
        policies.forEach(policy -> {
            String name = policy.key().toString();
            text.append(name)
                    .append(" ".repeat(width - name.length() + 2))
                    .append(StatusText.bar(policy, console.style()))
                    .append('\n');
        });
        drawn = policies.size();
        if (policies.isEmpty()) {
            text.append("there is no policy\n");
            drawn = 1;
        }
        // The terminal must not wrap a line: a wrapped line is two lines high, and could not be redrawn in place.
        console.print("\u001b[?7l" + text + "\u001b[?7h");
    }

    private void append(List<ObservedPolicy> policies) {
        Map<PolicyKey, String> now = new HashMap<>();
        for (ObservedPolicy policy : policies) {
            String line = StatusText.progress(policy);
            now.put(policy.key(), line);
            if (!line.equals(reported.get(policy.key()))) {
                console.print(policy.key() + ": " + line + "\n");
            }
        }
        reported.keySet().stream()
                .filter(key -> !now.containsKey(key))
                .sorted()
                .forEach(key -> console.print(key + ": gone\n"));
        reported.clear();
        reported.putAll(now);
    }
}
