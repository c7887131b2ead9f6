package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.tree.Json;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** The committed CRDs: how they are written and read. */
final class CrdYaml {
    /** The files, by what is in them. */
    static final String POLICY_FILE = "crds/sidecarpolicies.yaml";

    static final String CLUSTER_POLICY_FILE = "crds/clustersidecarpolicies.yaml";

    /** What brings the files up to date. */
    static final String UPDATE = "mvn test -Dtest=CrdTest -Dcrds.update";

    private static final String HEADER =
            "# Generated from io.sidecaroperator.api.v1alpha1. Change the classes, then: " + UPDATE + "\n";
    /** Words that YAML 1.1, and so kubectl, takes for a boolean or null, and 1.2 writes without quotes. */
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

    /** A committed CRD as a tree. */
    static ObjectNode read(String file) {
        return parse(Checkout.read(file));
    }

    /** One YAML document as a tree; enough for the project's own files. */
    static ObjectNode parse(String yaml) {
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return Json.MAPPER.valueToTree(loaded);
    }

    private static void refuseAmbiguous(JsonNode node) {
        if (node.isTextual() && AMBIGUOUS.matcher(node.textValue()).matches()) {
            throw new AssertionError("kubectl would not read this as a string: " + node);
        }
        node.forEach(CrdYaml::refuseAmbiguous);
    }

    /** Both files. */
    static Set<String> files() {
        return Set.of(POLICY_FILE, CLUSTER_POLICY_FILE);
    }
}
