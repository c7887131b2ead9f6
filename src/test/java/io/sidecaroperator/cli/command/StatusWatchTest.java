package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.WorkloadCounts;
import io.sidecaroperator.cli.cluster.ObservedPolicy;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.model.PolicyKey;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusWatchTest {
    private static final Terminal SCREEN = new Terminal(true, true, true);
    private static final StatusWatch.End UNTIL_READY = new StatusWatch.End(true, null);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Instant now = Instant.EPOCH;

    @Test
    void aPipeGetsALineForEachChange() {
        int code = watch(
                Terminal.NONE,
                UNTIL_READY,
                policy(0, 0, false, null),
                policy(1, 1, false, null),
                policy(1, 1, false, null),
                policy(4, 0, true, null));

        assertThat(code).isZero();
        assertThat(printed()).isEqualTo("""
                shop/logs: 0/4 injected, 4 to go; rolling out
                shop/logs: 1/4 injected, 1 in flight, 3 to go; rolling out
                shop/logs: 4/4 injected; Ready
                """);
    }

    @Test
    void aTerminalIsDrawnInPlace() {
        int code = watch(SCREEN, UNTIL_READY, policy(2, 1, false, null), policy(4, 0, true, null));

        assertThat(code).isZero();
        assertThat(printed())
                .contains("shop/logs  [=====>>>>>..........] 2/4 injected, 1 in flight, 2 to go")
                .contains("\u001b[1A\u001b[J")
                .contains("====================")
                .endsWith("4/4 injected; Ready\n\u001b[?7h");
    }

    @Test
    void aStalledPolicyEndsIt() {
        assertThat(watch(Terminal.NONE, UNTIL_READY, policy(1, 0, false, "revision r failed on Deployment shop/web")))
                .isEqualTo(1);
        assertThat(printed()).contains("Stalled (RevisionFailed): revision r failed on Deployment shop/web");
    }

    @Test
    void itEndsInTime() {
        StatusWatch.End end = new StatusWatch.End(true, Duration.ofSeconds(5));
        ObservedPolicy waiting = policy(1, 1, false, null);

        assertThat(watch(Terminal.NONE, end, waiting, waiting, waiting, waiting))
                .isEqualTo(1);
        assertThat(printed()).endsWith("timed out after 5 s\n");
        assertThat(now).isEqualTo(Instant.EPOCH.plusSeconds(5));
    }

    @Test
    void anApiServerThatRestartsIsWaitedForButNotForEver() {
        List<Integer> looks = new ArrayList<>();
        StatusWatch.Source source = () -> {
            looks.add(1);
            if (looks.size() != 4) {
                throw new InputException("the API server does not answer");
            }
            return List.of(policy(1, 1, false, null));
        };

        assertThatThrownBy(() -> watch(Terminal.NONE).run(source, UNTIL_READY)).isInstanceOf(InputException.class);
        assertThat(looks).hasSize(9);
    }

    @Test
    void whenTheLastLookFailedItsReasonIsWhatThereIsToSay() {
        StatusWatch.End end = new StatusWatch.End(true, Duration.ofSeconds(3));
        StatusWatch.Source source = () -> {
            throw new InputException("there is no policy logs");
        };

        assertThatThrownBy(() -> watch(Terminal.NONE).run(source, end))
                .isInstanceOf(InputException.class)
                .hasMessage("timed out after 3 s: there is no policy logs");
        assertThat(printed()).isEmpty();
    }

    @Test
    void readyPoliciesAreNotBelievedAsLongAsThereAreDoubts() {
        Deque<List<String>> doubts =
                new ArrayDeque<>(List.of(List.of("does it run?"), List.of("does it run?"), List.of()));
        StatusWatch.Source source = new StatusWatch.Source() {
            @Override
            public List<ObservedPolicy> policies() {
                return List.of(policy(4, 0, true, null));
            }

            @Override
            public List<String> doubts(List<ObservedPolicy> ready) {
                return doubts.removeFirst();
            }
        };

        assertThat(watch(Terminal.NONE).run(source, UNTIL_READY)).isZero();
        assertThat(printed()).isEqualTo("shop/logs: 4/4 injected; Ready\ndoes it run?\n");
        assertThat(doubts).isEmpty();
    }

    @Test
    void agesAreShort() {
        assertThat(List.of(5, 119, 600, 3 * 3600, 50 * 3600))
                .extracting(seconds -> StatusText.age(Instant.EPOCH, Instant.EPOCH.plusSeconds(seconds)))
                .containsExactly("5s", "119s", "10m", "3h", "2d");
    }

    private int watch(Terminal terminal, StatusWatch.End end, ObservedPolicy... looks) {
        Deque<ObservedPolicy> rest = new ArrayDeque<>(List.of(looks));
        return watch(terminal).run(() -> List.of(rest.removeFirst()), end);
    }

    private StatusWatch watch(Terminal terminal) {
        Console console = new Console(Map.of("NO_COLOR", "1"), terminal, InputStream.nullInputStream(), out);
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        return new StatusWatch(console, clock, time -> now = now.plus(time));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static ObservedPolicy policy(int injected, int flying, boolean ready, @Nullable String stalled) {
        List<PolicyCondition> conditions = new ArrayList<>();
        conditions.add(new PolicyCondition(
                PolicyCondition.Type.Ready,
                ready ? PolicyCondition.Status.True : PolicyCondition.Status.False,
                "RollingOut",
                "on its way",
                "",
                1L));
        if (stalled != null) {
            conditions.add(new PolicyCondition(
                    PolicyCondition.Type.Stalled, PolicyCondition.Status.True, "RevisionFailed", stalled, "", 1L));
        }
        return new ObservedPolicy(
                new PolicyKey("shop", "logs"),
                "Enforce",
                Optional.empty(),
                false,
                true,
                conditions,
                new WorkloadCounts(4, injected, 4 - injected, 0, 0, flying),
                Optional.of("r"),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }
}
