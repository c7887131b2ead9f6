package io.sidecaroperator.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import org.junit.jupiter.api.Test;

class PatchPlacementTest {
    @Test
    void aPatchOfAPartIsAPatchOfTheWhole() {
        ArrayNode part = (ArrayNode) Json.parse("""
                [{"op":"add","path":"/a~1b","value":1},{"op":"move","from":"/x","path":"/y"},{"op":"remove","path":""}]""");
        String before = Json.text(part);

        ArrayNode whole = Patch.under(JsonPointer.compile("/spec/template"), part);

        assertThat(Json.text(whole))
                .isEqualTo("[{\"op\":\"add\",\"path\":\"/spec/template/a~1b\",\"value\":1},"
                        + "{\"op\":\"move\",\"from\":\"/spec/template/x\",\"path\":\"/spec/template/y\"},"
                        + "{\"op\":\"remove\",\"path\":\"/spec/template\"}]");
        assertThat(Json.text(part)).isEqualTo(before);
    }

    @Test
    void theVersionSeenComesFirst() {
        ArrayNode patch = (ArrayNode) Json.parse("[{\"op\":\"remove\",\"path\":\"/a\"}]");

        assertThat(Json.text(Patch.onlyAt("17", patch)))
                .isEqualTo("[{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":\"17\"},"
                        + "{\"op\":\"remove\",\"path\":\"/a\"}]");
    }
}
