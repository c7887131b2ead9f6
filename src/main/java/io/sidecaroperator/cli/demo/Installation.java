package io.sidecaroperator.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The part of the installation that the cluster needs when the operator runs outside: CRDs, namespace, account and
 * rights of {@code deploy/install.yaml}, and a kubeconfig that contains only the account's token.
 */
final class Installation {
    private static final String FILE = "deploy/install.yaml";
    /** The operator itself: its image cannot run here. */
    private static final Set<String> LEFT_OUT = Set.of("Deployment", "Service");

    private final Cluster cluster;
    private final List<ObjectNode> objects;

    Installation(Cluster cluster, Path home) {
        this.cluster = cluster;
        this.objects = Example.read(home.resolve(FILE)).stream()
                .filter(object -> !LEFT_OUT.contains(Json.textAt(object, "kind")))
                .toList();
    }

    /** Applies the objects and returns what kubectl prints. */
    String apply(Path file) {
        StringBuilder text = new StringBuilder();
        objects.forEach(object -> text.append("---\n").append(YamlWriter.write(object)));
        write(file, text.toString());
        String said = cluster.kubectl("apply", "--server-side", "-f", file.toString());
        for (ObjectNode object : objects) {
            if ("CustomResourceDefinition".equals(Json.textAt(object, "kind"))) {
                cluster.kubectl("wait", "--for=condition=Established", "--timeout=60s", "crd/" + name(object));
            }
        }
        return said;
    }

    /** Writes a kubeconfig for the operator's ServiceAccount with a token that the API server has just created. */
    void writeKubeconfig(Path file) {
        ObjectNode account = objects.stream()
                .filter(object -> "ServiceAccount".equals(Json.textAt(object, "kind")))
                .findFirst()
                .orElseThrow(() -> new DemoFailure(FILE + ": there is no ServiceAccount in it"));
        String namespace = account.at("/metadata/namespace").asText();
        String token = cluster.kubectl("-n", namespace, "create", "token", name(account), "--duration=24h");
        JsonNode admin = Json.parse(cluster.kubectl("config", "view", "--raw", "--minify", "-o", "json"));
        ObjectNode config = Json.object();
        config.put("apiVersion", "v1").put("kind", "Config").put("current-context", "demo");
        config.putArray("clusters")
                .addObject()
                .put("name", "demo")
                .set("cluster", admin.at("/clusters/0/cluster").deepCopy());
        config.putArray("users")
                .addObject()
                .put("name", "operator")
                .putObject("user")
                .put("token", token.strip());
        config.putArray("contexts")
                .addObject()
                .put("name", "demo")
                .putObject("context")
                .put("cluster", "demo")
                .put("user", "operator");
        write(file, YamlWriter.write(config));
    }

    private static void write(Path file, String text) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new DemoFailure(file + " cannot be written: " + e.getMessage());
        }
    }

    private static String name(ObjectNode object) {
        return object.at("/metadata/name").asText();
    }
}
