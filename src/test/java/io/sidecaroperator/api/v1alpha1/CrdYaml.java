package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** How a CRD is written into its file. */
final class CrdYaml {
    /** The command that updates the files. */
    static final String UPDATE = "mvn test -Dtest=CrdTest -Dcrds.update";

    private static final String HEADER =
            "---\n# Generated from io.sidecaroperator.api.v1alpha1. Change the classes, then: " + UPDATE + "\n";
    /** Words that YAML 1.1, and so kubectl, reads as a boolean or null, and that YAML 1.2 writes without quotes. */
    private static final Pattern AMBIGUOUS =
            Pattern.compile("(?!true|false|null)(?i:y|n|yes|no|on|off|true|false|null|~)");

    private CrdYaml() {}

    static String write(JsonNode crd) {
        refuseAmbiguous(crd);
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(120)
                .build();
        return HEADER + new Dump(settings).dumpToString(Json.MAPPER.convertValue(crd, Object.class));
    }

    private static void refuseAmbiguous(JsonNode node) {
        if (node.isTextual() && AMBIGUOUS.matcher(node.textValue()).matches()) {
            throw new AssertionError("kubectl would not read this as a string: " + node);
        }
        node.forEach(CrdYaml::refuseAmbiguous);
    }
}
