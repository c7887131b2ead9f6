package io.sidecaroperator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.Config;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.yaml.Document;
import io.sidecaroperator.yaml.DocumentReader;
import io.sidecaroperator.yaml.InvalidYamlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one kubeconfig file and does not use any other configuration of the machine. */
public final class Kubeconfig {
    private Kubeconfig() {}

    /**
     * Returns the client configuration of a context.
     *
     * @param context the context to use; null for the current context of the file
     * @param environment the environment, whose {@code PATH} is searched for programs
     * @throws IllegalArgumentException with a sentence for a person when the file does not lead to a cluster
     */
    public static Config read(Path file, @Nullable String context, Map<String, String> environment) {
        String text = text(file);
        new KubeconfigCheck(file, tree(file, text), environment).check(context);
        try {
            return Config.fromKubeconfig(context, text, file.toString());
        } catch (RuntimeException e) {
            // The client throws different exceptions for values that it did not expect.
            throw new IllegalArgumentException("kubeconfig " + file + " is not a kubeconfig: " + rootMessage(e), e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("kubeconfig " + file + " does not exist", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("kubeconfig " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static JsonNode tree(Path file, String text) {
        List<Document> documents = new ArrayList<>();
        try (DocumentReader reader =
                new DocumentReader("its text", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            reader.forEachRemaining(documents::add);
        } catch (InvalidYamlException | IOException e) {
            String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new IllegalArgumentException("kubeconfig " + file + " is not a kubeconfig: " + first, e);
        }
        if (documents.size() > 1) {
            throw new IllegalArgumentException("kubeconfig " + file + " is not a kubeconfig: it holds "
                    + documents.size() + " documents, expected one");
        }
        JsonNode tree = documents.isEmpty() ? Json.object() : documents.get(0).content();
        if (!tree.isObject()) {
            throw new IllegalArgumentException("kubeconfig " + file
                    + " is not a kubeconfig: expected an object with clusters, contexts and users");
        }
        return tree;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }
}
