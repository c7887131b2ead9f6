package io.sidecaroperator.core.rollout;

import static io.sidecaroperator.core.rollout.Watched.LOGS;
import static io.sidecaroperator.core.rollout.Watched.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RolloutHealthTest {
    private static final String CRASH = "web-1 shop/logs@new[tail] / tail: waiting CrashLoopBackOff";
    private static final String LATE = "web-1 shop/logs@new[tail] / tail: started / app: ready";
    private static final String FINE = "web-1 shop/logs@new[tail] / tail: ready / app: ready";
    private static final String APP_CRASH = "web-1 shop/logs@new[tail] / tail: ready / app: waiting CrashLoopBackOff";
    private static final JsonNode TRUE = Json.parse("true");
    private static final JsonNode ZERO = Json.parse("0");

    static Stream<Arguments> one() {
        return Stream.concat(Stream.concat(whoseItIs(), completion()), failures());
    }

    private static Stream<Arguments> whoseItIs() {
        return Stream.of(
                row("just written", w -> w.at(1), "PROGRESSING"),
                row("a record in a copied manifest", w -> w.uid("another").at(1), "ABANDONED"),
                row(
                        "a copied one that is complete",
                        w -> w.uid("another").complete(1).at(2),
                        "ABANDONED"),
                row("a record from next year", w -> w.at(-3601), "ABANDONED"),
                row("clocks that differ a little", w -> w.at(-3600), "PROGRESSING"),
                row("marked next year", w -> w.marked(3700).at(1), "ABANDONED"),
                row("its owner has changed it", w -> w.template("other").at(1), "ABANDONED"),
                row(
                        "its owner has broken it",
                        w -> w.template("other").pods(CRASH).at(1),
                        "ABANDONED"),
                row("somebody took the policy's parts away", w -> w.carrying("").at(1), "ABANDONED"),
                row(
                        "it carries another revision",
                        w -> w.carrying("shop/logs@old[tail]").at(1),
                        "ABANDONED"),
                row(
                        "a removal under way",
                        w -> w.change("shop/logs", "old", null).carrying("").at(1),
                        "PROGRESSING"),
                row(
                        "a removal that came back",
                        w -> w.change("shop/logs", "old", null).at(1),
                        "ABANDONED"),
                row(
                        "its owner has paused it",
                        w -> w.spec("paused", TRUE).pods(CRASH).at(1),
                        "ABANDONED"),
                row(
                        "its owner has scaled it to zero",
                        w -> w.complete(1).spec("replicas", ZERO).at(2),
                        "ABANDONED"),
                row(
                        "a kind that replaces no pod",
                        w -> w.kind(WorkloadKind.CRON_JOB).at(1),
                        "ABANDONED"));
    }

    private static Stream<Arguments> completion() {
        return Stream.of(
                row("complete", w -> w.complete(5).at(5), "HEALTHY"),
                row("complete, and has to stay so", w -> minReady(w).complete(5).at(34), "PROGRESSING"),
                row(
                        "has stayed complete for long enough",
                        w -> minReady(w).complete(5).at(35),
                        "HEALTHY"),
                row(
                        "the condition is older than the write",
                        w -> minReady(w).complete(-60).at(29),
                        "PROGRESSING"),
                row("and counts from the write", w -> minReady(w).complete(-60).at(30), "HEALTHY"),
                row(
                        "no condition says since when",
                        w -> minReady(w).completeByCounts().at(500),
                        "PROGRESSING"),
                row(
                        "a condition from the end of time counts from now",
                        w -> minReady(w)
                                .complete(Instant.MAX.getEpochSecond() - WRITTEN.getEpochSecond())
                                .at(500),
                        "PROGRESSING"),
                row(
                        "unless the record does",
                        w -> minReady(w).completeByCounts().marked(470).at(500),
                        "HEALTHY"),
                row("a set is complete", w -> set(w).completeByCounts().at(5), "HEALTHY"),
                row(
                        "a set is seen complete",
                        w -> minReady(set(w)).completeByCounts().at(500),
                        "PROGRESSING"),
                row(
                        "a set that was marked",
                        w -> minReady(set(w)).completeByCounts().marked(5).at(35),
                        "HEALTHY"),
                row(
                        "marked, and not ready since",
                        w -> minReady(set(w)).marked(5).at(34),
                        "PROGRESSING"),
                row("that takes nothing back", w -> minReady(set(w)).marked(5).at(35), "HEALTHY"),
                row("complete after the deadline", w -> w.complete(601).at(601), "HEALTHY"),
                row(
                        "past the deadline, complete",
                        w -> minReady(w).complete(590).at(610),
                        "PROGRESSING"),
                row(
                        "healthy whatever the pods say",
                        w -> w.complete(5).pods(CRASH).at(5),
                        "HEALTHY"),
                row("a removal is complete", w -> removal(w).complete(5).at(5), "HEALTHY"),
                row(
                        "of a policy that is not there",
                        w -> w.absent("shop/logs").complete(5).at(5),
                        "HEALTHY"));
    }

    private static Stream<Arguments> failures() {
        String crashed = "FAILED: container tail of pod web-1: CrashLoopBackOff";
        String late = "FAILED: container tail of pod web-1: NotReady: it runs, but is not ready";
        String appCrashed = "FAILED: pod web-1: ProgressDeadlineExceeded: container app: CrashLoopBackOff";
        return Stream.of(
                row("the sidecar crashes", w -> w.pods(CRASH).at(1), crashed),
                row(
                        "while it has to stay complete",
                        w -> minReady(w).complete(5).pods(CRASH).at(6),
                        crashed),
                row(
                        "seen by a new leader too",
                        w -> w.watchedSince(700).pods(CRASH).at(700),
                        crashed),
                row("it was not well before", w -> w.unwellBefore().pods(CRASH).at(1), "PROGRESSING"),
                row(
                        "a rollback is not judged",
                        w -> w.rolledBack("shop/logs", "bad", "new").pods(CRASH).at(1),
                        "PROGRESSING"),
                row(
                        "an earlier revision is not judged",
                        w -> w.terms("shop/logs", "newer", 0, 600).pods(CRASH).at(1),
                        "PROGRESSING"),
                row(
                        "nor an approved one",
                        w -> w.approved("shop/logs").pods(CRASH).at(1),
                        "PROGRESSING"),
                row(
                        "nor of a policy that is going",
                        w -> w.terms("shop/logs", null, 0, 600).pods(CRASH).at(1),
                        "PROGRESSING"),
                row(
                        "nor of a policy that is not there",
                        w -> w.absent("shop/logs").pods(CRASH).at(1),
                        "PROGRESSING"),
                row(
                        "an old pod crashes",
                        w -> w.pods(CRASH.replace("@new", "@old")).at(1),
                        "PROGRESSING"),
                row("the application crashes", w -> w.pods(APP_CRASH).at(1), "PROGRESSING"),
                row("just before the deadline", w -> w.pods(LATE).at(599), "PROGRESSING"),
                row("the sidecar is not ready in time", w -> w.pods(LATE).at(600), late),
                row(
                        "the application crashed till the end",
                        w -> w.pods(APP_CRASH).at(600),
                        appCrashed),
                row(
                        "all looks well, but it took too long",
                        w -> w.pods(FINE).at(600),
                        "FAILED: ProgressDeadlineExceeded"),
                row("nobody looked at the pods", w -> w.at(600), "FAILED: ProgressDeadlineExceeded"),
                row(
                        "no node takes the pod",
                        w -> w.pods("web-1 shop/logs@new[tail] unscheduled").at(600),
                        "FAILED: pod web-1: ProgressDeadlineExceeded: Unschedulable: 0/3 nodes are available: 3 Insufficient cpu."),
                row(
                        "a quota lets no pod be made",
                        w -> w.status(
                                        "{\"conditions\":[{\"type\":\"ReplicaFailure\",\"status\":\"True\",\"message\":\"exceeded quota\"}]}")
                                .pods("")
                                .at(600),
                        "FAILED: ProgressDeadlineExceeded: exceeded quota"),
                row(
                        "a quota that is no hindrance any more",
                        w -> w.status(
                                        "{\"conditions\":[{\"type\":\"ReplicaFailure\",\"status\":\"False\",\"message\":\"exceeded quota\"}]}")
                                .pods("")
                                .at(600),
                        "FAILED: ProgressDeadlineExceeded"),
                row(
                        "nobody watched until the deadline",
                        w -> w.watchedSince(600).pods(LATE).at(700),
                        "ABANDONED"),
                row("somebody did, if late", w -> w.watchedSince(599).pods(LATE).at(700), late),
                row(
                        "too long, and not well before",
                        w -> w.unwellBefore().pods(LATE).at(600),
                        "ABANDONED"),
                row(
                        "too long, rolled back",
                        w -> w.rolledBack("shop/logs", "bad", "new").pods(LATE).at(600),
                        "ABANDONED"),
                row(
                        "too long, of an earlier revision",
                        w -> w.terms("shop/logs", "newer", 0, 600).pods(CRASH).at(600),
                        "ABANDONED"),
                row(
                        "too long, approved",
                        w -> w.approved("shop/logs").pods(CRASH).at(600),
                        "ABANDONED"),
                row(
                        "too long, of no policy",
                        w -> w.absent("shop/logs").pods(CRASH).at(600),
                        "ABANDONED"),
                row(
                        "of no policy, timed by the defaults",
                        w -> w.absent("shop/logs").at(599),
                        "PROGRESSING"),
                row("a removal that is stuck", w -> removal(w).pods(CRASH).at(600), "ABANDONED"));
    }

    static Stream<Arguments> ordered() {
        String overtaken = "db-1 shop/logs@bad[tail] unready / tail: waiting CrashLoopBackOff";
        return Stream.of(
                row(
                        "a pod of an earlier write is waited for",
                        w -> w.pods(overtaken).at(600),
                        "ABANDONED"),
                row("until then it may still come", w -> w.pods(overtaken).at(599), "PROGRESSING"),
                row(
                        "a pod that is not ready at the old revision is not of an earlier write",
                        w -> w.pods("db-1 shop/logs@old[tail] unready").at(600),
                        "FAILED: ProgressDeadlineExceeded"),
                row(
                        "nor one below the partition",
                        w -> w.spec("replicas", Json.parse("3"))
                                .spec("updateStrategy", Json.parse("{\"rollingUpdate\":{\"partition\":2}}"))
                                .pods(overtaken)
                                .at(600),
                        "FAILED: ProgressDeadlineExceeded"),
                row(
                        "pods that come all at once wait for none",
                        w -> w.spec("podManagementPolicy", Json.parse("\"Parallel\""))
                                .pods(overtaken)
                                .at(600),
                        "FAILED: ProgressDeadlineExceeded"),
                row(
                        "its own sidecar crashes all the same",
                        w -> w.pods(overtaken + " // db-2 shop/logs@new[tail] unready / tail: waiting CrashLoopBackOff")
                                .at(1),
                        "FAILED: container tail of pod db-2: CrashLoopBackOff"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ordered")
    void whatAWriteToAnOrderedSetHasComeTo(String context, UnaryOperator<Watched> story, String expected) {
        assertThat(message(story.apply(set(new Watched())))).as(context).isEqualTo("shop/logs " + expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("one")
    void whatAWriteHasComeTo(String context, UnaryOperator<Watched> story, String expected) {
        assertThat(message(story.apply(new Watched()))).as(context).isEqualTo("shop/logs " + expected);
    }

    static Stream<Arguments> two() {
        String crash = "web-1 mesh@m2[^proxy] shop/logs@new[tail] / ^proxy: ready / tail: waiting CrashLoopBackOff";
        String both =
                "web-1 mesh@m2[^proxy] shop/logs@new[tail] / ^proxy: waiting ErrImagePull / tail: waiting ErrImagePull";
        String startsNot =
                "web-1 mesh@m2[^proxy] shop/logs@new[tail] / ^proxy: starting / tail: waiting PodInitializing";
        String crashesFirst =
                "web-1 mesh@m2[^proxy] shop/logs@new[tail] / ^proxy: started, last 1 Error / tail: waiting ErrImagePull";
        String fine = "web-1 mesh@m2[^proxy] shop/logs@new[tail] / ^proxy: ready / tail: ready / app: started";
        return Stream.of(
                row("both under way", w -> w.at(1), "mesh PROGRESSING, shop/logs PROGRESSING"),
                row("both well", w -> w.complete(5).at(5), "mesh HEALTHY, shop/logs HEALTHY"),
                row(
                        "one crashes, and it is not the other's fault",
                        w -> w.pods(crash).at(1),
                        "mesh PROGRESSING, shop/logs FAILED: container tail of pod web-1: CrashLoopBackOff"),
                row(
                        "nor when it takes too long",
                        w -> w.pods(crash).at(600),
                        "mesh ABANDONED, shop/logs FAILED: container tail of pod web-1: CrashLoopBackOff"),
                row(
                        "one does not start while another is not ready",
                        w -> w.pods(crashesFirst).at(600),
                        "mesh ABANDONED, shop/logs FAILED: container tail of pod web-1: ErrImagePull"),
                row(
                        "both do not start",
                        w -> w.pods(both).at(1),
                        "mesh FAILED: container proxy of pod web-1: ErrImagePull,"
                                + " shop/logs FAILED: container tail of pod web-1: ErrImagePull"),
                row(
                        "one waits for the other",
                        w -> w.pods(startsNot).at(600),
                        "mesh FAILED: container proxy of pod web-1: NotReady: it runs, but has not started up,"
                                + " shop/logs ABANDONED"),
                row(
                        "no sidecar is to blame, so that both are suspected",
                        w -> w.pods(fine).at(600),
                        "mesh FAILED: pod web-1: ProgressDeadlineExceeded: container app: NotReady: it runs, but is not ready; came with shop/logs,"
                                + " shop/logs FAILED: pod web-1: ProgressDeadlineExceeded: container app: NotReady: it runs, but is not ready; came with mesh"),
                row(
                        "nothing is known",
                        w -> w.at(600),
                        "mesh FAILED: ProgressDeadlineExceeded: came with shop/logs,"
                                + " shop/logs FAILED: ProgressDeadlineExceeded: came with mesh"),
                row(
                        "one is rolled back, and crashes",
                        w -> w.rolledBack("mesh", "bad", "m2")
                                .pods(both.replace("tail: waiting ErrImagePull", "tail: starting"))
                                .at(600),
                        "mesh ABANDONED, shop/logs ABANDONED"),
                row(
                        "one is removed",
                        w -> w.change("mesh", "m1", null)
                                .carrying("shop/logs@new[tail]")
                                .pods(LATE)
                                .at(600),
                        "mesh ABANDONED, shop/logs FAILED: container tail of pod web-1: NotReady: it runs, but is not ready"),
                row(
                        "somebody took one away",
                        w -> w.carrying("shop/logs@new[tail]").at(1),
                        "mesh ABANDONED, shop/logs PROGRESSING"),
                row(
                        "the longer readiness is for both",
                        w -> minReady(w).complete(5).at(34),
                        "mesh PROGRESSING, shop/logs PROGRESSING"),
                row(
                        "the shorter deadline is for both",
                        w -> w.terms("mesh", "m2", 0, 60).at(60),
                        "mesh FAILED: ProgressDeadlineExceeded: came with shop/logs,"
                                + " shop/logs FAILED: ProgressDeadlineExceeded: came with mesh"),
                row(
                        "a policy that is not there has no say in it",
                        w -> w.absent("mesh").terms("shop/logs", "new", 0, 900).at(600),
                        "mesh PROGRESSING, shop/logs PROGRESSING"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("two")
    void whatAWriteForTwoPoliciesHasComeTo(String context, UnaryOperator<Watched> story, String expected) {
        Watched watched = new Watched()
                .change("mesh", "m1", "m2")
                .terms("mesh", "m2", 0, 600)
                .carrying("mesh@m2[^proxy] shop/logs@new[tail]");

        assertThat(message(story.apply(watched))).as(context).isEqualTo(expected);
    }

    @Test
    void aPolicyWhoseRevisionDidNotComeWithTheWriteTakesNoBlameAway() {
        String pods = "web-1 mesh@m2[^proxy] shop/logs@new[tail] / ^proxy: waiting CrashLoopBackOff";
        Watched watched = new Watched()
                .terms("mesh", "m2", 0, 600)
                .carrying("mesh@m2[^proxy] shop/logs@new[tail]")
                .pods(pods)
                .at(600);

        assertThat(message(watched))
                .isEqualTo("shop/logs FAILED: pod web-1: ProgressDeadlineExceeded: container proxy: CrashLoopBackOff");
    }

    @Test
    void aFlightTellsItsWrite() {
        WorkloadRollout workloadRollout = new Watched().at(1).workloadRollouts().get(LOGS);

        assertThat(workloadRollout)
                .isEqualTo(new WorkloadRollout(
                        WRITTEN,
                        new Change(Optional.of("old"), Optional.of("new"), false),
                        WorkloadRollout.Phase.PROGRESSING,
                        Optional.empty()));
    }

    static Stream<Arguments> marks() {
        return Stream.of(
                row("a set that is seen complete", w -> set(w).completeByCounts(), "true"),
                row("on a set's nodes", w -> w.kind(WorkloadKind.DAEMON_SET).completeByCounts(), "true"),
                row("not complete yet", RolloutHealthTest::set, "false"),
                row("marked already", w -> set(w).completeByCounts().marked(1), "false"),
                row("nothing of ours any more", w -> set(w).completeByCounts().template("other"), "false"),
                row("a Deployment says it itself", w -> w.complete(5), "false"),
                row("unless it has no deadline of its own", w -> w.completeByCounts(), "true"),
                row(
                        "or says nothing that can be read",
                        w -> w.status("{\"observedGeneration\":1,\"replicas\":2,"
                                + "\"updatedReplicas\":2,\"conditions\":[{\"type\":\"Progressing\",\"status\":\"True\","
                                + "\"reason\":\"NewReplicaSetAvailable\",\"lastUpdateTime\":\"once\"}]}"),
                        "true"),
                row("a removal", w -> removal(set(w)).completeByCounts(), "true"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("marks")
    void whatDoesNotKeepInMindSinceWhenIsMarked(String context, UnaryOperator<Watched> story, String expected) {
        assertThat(story.apply(new Watched()).at(9).isMarkNeeded()).as(context).isEqualTo(Boolean.valueOf(expected));
    }

    static Stream<Arguments> moments() {
        return Stream.of(
                row("the deadline", w -> w.at(10), "590"),
                row(
                        "the shortest deadline",
                        w -> w.change("mesh", null, "m2")
                                .terms("mesh", "m2", 0, 60)
                                .at(10),
                        "50"),
                row("the end of the readiness", w -> minReady(w).complete(5).at(6), "29"),
                row("of one that was marked", w -> minReady(set(w)).marked(5).at(6), "29"),
                row(
                        "of one to be marked now",
                        w -> minReady(set(w)).completeByCounts().at(6),
                        "30"),
                row(
                        "of one that has failed in it",
                        w -> minReady(w).complete(5).pods(CRASH).at(6),
                        "29"),
                row("none when it is healthy", w -> w.complete(5).at(5), null),
                row("none when it was let go", w -> w.template("other").at(1), null),
                row("none when the deadline has passed", w -> w.at(600), null),
                row("none when it crashed for too long", w -> w.pods(CRASH).at(700), null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("moments")
    void whenAFlightCanTurnByTimeAlone(String context, UnaryOperator<Watched> story, @Nullable String seconds) {
        assertThat(story.apply(new Watched())
                        .next()
                        .map(Duration::toSeconds)
                        .map(String::valueOf)
                        .orElse(null))
                .as(context)
                .isEqualTo(seconds);
    }

    private static Watched minReady(Watched watched) {
        return watched.terms("shop/logs", "new", 30, 600);
    }

    private static Watched set(Watched watched) {
        return watched.kind(WorkloadKind.STATEFUL_SET);
    }

    private static Watched removal(Watched watched) {
        return watched.change("shop/logs", "old", null).carrying("");
    }

    private static String message(Watched watched) {
        return watched.workloadRollouts().entrySet().stream()
                .map(entry -> message(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String message(PolicyKey key, WorkloadRollout workloadRollout) {
        return key + " " + workloadRollout.phase()
                + workloadRollout.cause().map(cause -> ": " + cause).orElse("");
    }

    private static Arguments row(String context, UnaryOperator<Watched> story, @Nullable String expected) {
        return arguments(context, story, expected);
    }
}
