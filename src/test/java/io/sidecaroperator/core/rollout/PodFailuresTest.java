package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pods are written as {@link PodText} reads them; {@code LOGS} has the policy at the revision under test. */
class PodFailuresTest {
    private static final PolicyKey LOGS = new PolicyKey("shop", "logs");
    private static final String NEW = "new";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "no pods                              | '' |",
                "runs                                 | web-1 LOGS / tail: ready / app: ready |",
                "not ready yet                        | web-1 LOGS / tail: starting / app: ready |",
                "crashes                              | web-1 LOGS / tail: waiting CrashLoopBackOff | container tail of pod web-1: CrashLoopBackOff",
                "a native one crashes                 | web-1 LOGS / ^tailn: waiting CrashLoopBackOff | container tailn of pod web-1: CrashLoopBackOff",
                "an init one crashes                  | web-1 LOGS / !fetch: waiting CrashLoopBackOff | container fetch of pod web-1: CrashLoopBackOff",
                "the application crashes              | web-1 LOGS / tail: ready / app: waiting CrashLoopBackOff |",
                "another policy's crashes             | web-1 LOGS shop/mesh@new[proxy] / proxy: waiting CrashLoopBackOff |",
                "crashed once, and runs again         | web-1 LOGS / tail: ready, last 1 Error |",
                "was killed for its memory, and runs  | web-1 LOGS / tail: ready, last 137 OOMKilled | container tail of pod web-1: OOMKilled: exit code 137",
                "is just being killed for its memory  | web-1 LOGS / tail: ended 137 OOMKilled | container tail of pod web-1: OOMKilled: exit code 137",
                "crashes for its memory               | web-1 LOGS / tail: waiting CrashLoopBackOff, last 137 OOMKilled | container tail of pod web-1: OOMKilled: exit code 137",
                "ended just now                       | web-1 LOGS / tail: ended 1 Error |",
                "an init one ended for good           | web-1 LOGS failed / !fetch: ended 2 Error | container fetch of pod web-1: Error: exit code 2",
                "an init one will be tried again      | web-1 LOGS / !fetch: ended 2 Error |",
                "an init one that did well            | web-1 LOGS failed / !fetch: ended 0 Completed |",
                "a native one that ended with its pod | web-1 LOGS failed / ^tailn: ended 143 Error |",
                "is being created                     | web-1 LOGS / tail: waiting ContainerCreating |",
                "an old pod crashes                   | web-1 shop/logs@old[tail] / tail: waiting CrashLoopBackOff |",
                "a pod without a receipt crashes      | web-1 LOGS noreceipt / tail: waiting CrashLoopBackOff |",
                "a pod that is going crashes          | web-1 LOGS going / tail: waiting CrashLoopBackOff |",
                "the first pod by name                | web-2 LOGS / tail: waiting ErrImagePull // web-1 LOGS / tail: waiting ImagePullBackOff | container tail of pod web-1: ImagePullBackOff",
                "crashing before not pulled           | web-1 LOGS / tail: waiting ErrImagePull // web-2 LOGS / tail: waiting CrashLoopBackOff | container tail of pod web-2: CrashLoopBackOff",
                "killed for memory before crashing    | web-1 LOGS / tail: waiting CrashLoopBackOff / cat: ended 137 OOMKilled | container cat of pod web-1: OOMKilled: exit code 137"
            })
    void whoDoesNotComeToRun(String context, String pods, String expected) {
        Optional<FailureCause> cause = PodFailures.of(pods(pods), LOGS, NEW);

        assertThat(cause.map(FailureCause::toString).orElse(null)).as(context).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CrashLoopBackOff",
                "ImagePullBackOff",
                "ErrImagePull",
                "InvalidImageName",
                "ErrImageNeverPull",
                "ImageInspectError",
                "RegistryUnavailable",
                "CreateContainerConfigError",
                "CreateContainerError",
                "RunContainerError"
            })
    void theseReasonsOfTheKubeletAreFaults(String reason) {
        assertThat(PodFailures.of(pods("web-1 LOGS / tail: waiting " + reason), LOGS, NEW))
                .contains(new FailureCause(Optional.of("tail"), reason, "", "web-1"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "what it said at its end          | waiting CrashLoopBackOff back-off 10s, last 1 Error no such file | no such file",
                "its last lines                   | waiting CrashLoopBackOff back-off 10s, last 1 Error a\\n\\n b \\nc\\nd\\n | b/c/d",
                "else how it ended                | waiting CrashLoopBackOff back-off 10s, last 3 Error | exit code 3",
                "else what the kubelet says       | waiting CrashLoopBackOff back-off 10s | back-off 10s",
                "why it cannot start now          | waiting ErrImagePull no such tag, last 1 Error boom | no such tag",
                "of the end before, if that spoke | ended 137 OOMKilled, last 137 OOMKilled too big | too big",
                "nothing                          | waiting CrashLoopBackOff | ''"
            })
    void whatAFaultTells(String context, String states, String expected) {
        assertThat(PodFailures.of(pods("web-1 LOGS / tail: " + states), LOGS, NEW)
                        .orElseThrow()
                        .message()
                        .replace('\n', '/'))
                .as(context)
                .isEqualTo(expected);
    }

    @Test
    void aLongMessageIsCutToItsEndAndNoCharacterInTwo() {
        String smiley = "\uD83D\uDE00";
        List<JsonNode> pods = pods("web-1 LOGS / tail: waiting CrashLoopBackOff, last 1 Error x" + "y".repeat(300)
                + smiley.repeat(299) + "z");

        assertThat(PodFailures.of(pods, LOGS, NEW).orElseThrow().message()).isEqualTo(smiley.repeat(299) + "z");
    }

    @Test
    void aLongMessageOfTheKubeletIsCutToItsBeginning() {
        String smiley = "\uD83D\uDE00";
        List<JsonNode> pods = pods("web-1 LOGS / tail: waiting ErrImagePull a" + smiley.repeat(400));

        assertThat(PodFailures.of(pods, LOGS, NEW).orElseThrow().message()).isEqualTo("a" + smiley.repeat(299));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "all are ready                        | web-1 LOGS / tail: ready / app: ready |",
                "runs, and is not ready               | web-1 LOGS / tail: started | tail: it runs, but is not ready",
                "has not started up                   | web-1 LOGS / ^tailn: starting | tailn: it runs, but has not started up",
                "ended, and will be started again     | web-1 LOGS / tail: ended 1 Error boom | tail: boom",
                "is being created                     | web-1 LOGS scheduled / tail: waiting ContainerCreating | tail: ContainerCreating",
                "an init one takes its time           | web-1 LOGS / !fetch: started / tail: waiting PodInitializing | fetch: it runs, but is not ready",
                "an init one has done its work        | web-1 LOGS / !fetch: ended 0 Completed / app: starting |",
                "the application is not ready         | web-1 LOGS / tail: ready / app: started |",
                "waits for an init container          | web-1 LOGS / !migrate: started / ^tailn: waiting PodInitializing / tail: waiting PodInitializing |",
                "waits for another policy's           | web-1 LOGS / ^proxy: starting / tail: waiting PodInitializing |",
                "before an init container that hangs  | web-1 LOGS / ^tailn: started / !migrate: started / tail: waiting PodInitializing | tailn: it runs, but is not ready",
                "behind one that is up, if not ready  | web-1 LOGS / ^proxy: started / tail: starting | tail: it runs, but has not started up",
                "the pod has no node                  | web-1 LOGS unscheduled / tail: waiting ContainerCreating |",
                "the pod has no volumes or network    | web-1 LOGS nosandbox / tail: waiting ContainerCreating |",
                "nobody has told of it                | web-1 LOGS scheduled |",
                "in an old pod                        | web-1 shop/logs@old[tail] / tail: starting |",
                "in a pod that is going               | web-1 LOGS going / tail: starting |",
                "the first pod by name                | web-2 LOGS / cat: starting // web-1 LOGS / tail: starting | tail: it runs, but has not started up"
            })
    void whoIsNotReadyByItsOwnFault(String context, String pods, String expected) {
        Optional<FailureCause> cause = PodFailures.notReady(pods(pods), LOGS, NEW);

        assertThat(cause.map(found -> found.container().orElseThrow() + ": " + found.message())
                        .orElse(null))
                .as(context)
                .isEqualTo(expected);
        assertThat(cause.stream())
                .allSatisfy(found ->
                        assertThat(found.reason() + " in " + found.pod()).isEqualTo("NotReady in web-1"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "no pods                     | '' | ProgressDeadlineExceeded",
                "all is well                 | web-1 LOGS / tail: ready / app: ready | ProgressDeadlineExceeded",
                "the application crashes     | web-1 LOGS / app: waiting CrashLoopBackOff, last 1 Error boom | pod web-1: ProgressDeadlineExceeded: container app: CrashLoopBackOff: boom",
                "the application is late     | web-1 LOGS / tail: ready / app: started | pod web-1: ProgressDeadlineExceeded: container app: NotReady: it runs, but is not ready",
                "the pod has no node         | web-1 LOGS unscheduled | pod web-1: ProgressDeadlineExceeded: Unschedulable: 0/3 nodes are available: 3 Insufficient cpu.",
                "the pod has no volumes      | web-1 LOGS nosandbox / app: waiting ContainerCreating | pod web-1: ProgressDeadlineExceeded: its volumes or its network are not ready",
                "a crash says most           | web-1 LOGS / app: started // web-2 LOGS unscheduled // web-3 LOGS / app: waiting CrashLoopBackOff | pod web-3: ProgressDeadlineExceeded: container app: CrashLoopBackOff",
                "no node says more than late | web-1 LOGS / app: started // web-2 LOGS unscheduled | pod web-2: ProgressDeadlineExceeded: Unschedulable: 0/3 nodes are available: 3 Insufficient cpu.",
                "old pods say nothing        | web-1 shop/logs@old[tail] / app: waiting CrashLoopBackOff | ProgressDeadlineExceeded"
            })
    void whatIsToldWhenNoSidecarIsToBlame(String context, String pods, String expected) {
        FailureCause cause = PodFailures.tooLate(pods(pods), LOGS, NEW);

        assertThat(cause).as(context).hasToString(expected);
        assertThat(cause.container()).isEmpty();
    }

    @Test
    void junkSaysNothing() {
        ObjectNode receipt = Json.object().put("sidecar-operator.io/receipt", "not a receipt");
        ObjectNode unreadable = Json.object();
        unreadable.putObject("metadata").set("annotations", receipt);
        List<JsonNode> junk = List.of(Json.parse("7"), Json.parse("{\"metadata\":[]}"), unreadable);

        assertThat(PodFailures.of(junk, LOGS, NEW)).isEmpty();
        assertThat(PodFailures.notReady(junk, LOGS, NEW)).isEmpty();
    }

    @Test
    void theOrderOfThePodsMakesNoDifference() {
        List<JsonNode> pods = pods(IntStream.range(1, 9)
                .mapToObj(number -> "web-" + number + " LOGS / tail: waiting ErrImagePull")
                .collect(Collectors.joining(" // ")));

        assertThat(IntStream.rangeClosed(0, pods.size())
                        .mapToObj(from -> java.util.stream.Stream.concat(
                                        pods.stream().skip(from), pods.stream().limit(from))
                                .toList())
                        .map(turned ->
                                PodFailures.of(turned, LOGS, NEW).orElseThrow().pod()))
                .containsOnly("web-1");
    }

    private static List<JsonNode> pods(String text) {
        return PodText.pods(text.replace("LOGS", "shop/logs@new[tail,cat,^tailn,!fetch]"));
    }
}
