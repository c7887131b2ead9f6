package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnPodsTest {
    private static final JsonNode WEB = Json.parse("{\"metadata\":{\"name\":\"web\",\"uid\":\"u1\"}}");

    @Test
    void aSetControlsItsPodsItself() {
        JsonNode own = pod("web-0", "x", "{\"uid\":\"u1\",\"controller\":true}");
        JsonNode others = pod("web-1", "x", "{\"uid\":\"u2\",\"controller\":true}");
        JsonNode ownedOnly = pod("web-2", "x", "{\"uid\":\"u1\"}");
        JsonNode bare = Json.parse("{\"metadata\":{\"name\":\"web-3\"}}");
        List<JsonNode> found = List.of(own, others, ownedOnly, bare);

        assertThat(OwnPods.of(WorkloadKind.STATEFUL_SET, WEB, found)).containsExactly(own);
        assertThat(OwnPods.of(WorkloadKind.DAEMON_SET, WEB, found)).containsExactly(own);
        assertThat(OwnPods.of(WorkloadKind.REPLICA_SET, WEB, found)).containsExactly(own);
    }

    @Test
    void aDeploymentControlsThemThroughAReplicaSetOfItsName() {
        JsonNode own = pod("web-5d-a", "5d", replicaSet("web-5d"));
        JsonNode older = pod("web-77-b", "77", replicaSet("web-77"));
        JsonNode canary = pod("web-canary-5d-c", "5d", replicaSet("web-canary-5d"));
        JsonNode another = pod("we-b-5d-d", "5d", replicaSet("we-b-5d"));
        JsonNode byHand = pod("web-x-e", "5d", replicaSet("web-x"));
        JsonNode set = pod("web-5d-f", "5d", replicaSet("web-5d").replace("ReplicaSet", "Clone"));

        assertThat(OwnPods.of(WorkloadKind.DEPLOYMENT, WEB, List.of(own, older, canary, another, byHand, set)))
                .containsExactly(own, older);
    }

    @Test
    void whoseThePodsOfACustomKindAreOnlyItsControllerKnows() {
        JsonNode pod = pod("web-0", "x", replicaSet("anything"));

        assertThat(OwnPods.of(
                        new WorkloadKind("example.org", "Canary", JsonPointer.compile("/spec/template")),
                        WEB,
                        List.of(pod)))
                .containsExactly(pod);
    }

    private static String replicaSet(String name) {
        return "{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"" + name
                + "\",\"uid\":\"r\",\"controller\":true}";
    }

    private static JsonNode pod(String name, String hash, String owner) {
        return Json.parse("{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"pod-template-hash\":\"" + hash
                + "\"},\"ownerReferences\":[" + owner + "]}}");
    }
}
