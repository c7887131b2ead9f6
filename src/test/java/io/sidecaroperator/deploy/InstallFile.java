package io.sidecaroperator.deploy;

import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code deploy/install.yaml}: the chart with its default values, for users without Helm. */
final class InstallFile {
    static final String PATH = "deploy/install.yaml";

    private static final String HEADER = """
            # Everything that sidecar-operator needs, for kubectl apply --server-side -f (and again to upgrade, CRDs included).
            # Rendered from deploy/helm/sidecar-operator with its default values, for the oldest Kubernetes that it accepts, so
            # that every newer one takes it, too. Do not edit it, but change the chart and run
            #   mvn test -Dtest=InstallFileTest -Ddeploy.update
            # No image is published yet: set your own in the Deployment, for example by a kustomization (kustomization.yaml).
            apiVersion: v1
            kind: Namespace
            metadata:
              name: %s
              labels:
                app.kubernetes.io/name: sidecar-operator
                pod-security.kubernetes.io/enforce: restricted
                pod-security.kubernetes.io/warn: restricted
            """.formatted(HelmChart.NAMESPACE);

    /** A label that is true for what Helm installs, and not for what kubectl applies. */
    private static final Pattern HELM_ONLY = Pattern.compile("(?m)^ +app\\.kubernetes\\.io/managed-by: Helm\n");

    private InstallFile() {}

    static String render() {
        StringBuilder text = new StringBuilder(HEADER);
        // Helm installs the files of crds/ as they are, and leaves them out of what it renders.
        files(HelmChart.FOLDER + "/crds").forEach((name, crd) -> {
            text.append("---\n# Source: sidecar-operator/crds/").append(name).append('\n');
            text.append(crd.startsWith("---\n") ? crd.substring(4) : crd);
        });
        return text.append(HELM_ONLY
                        .matcher(HelmChart.template(HelmChart.OLDEST_KUBERNETES))
                        .replaceAll(""))
                .toString();
    }

    /** Returns the texts of a folder's files, sorted by name. Empty when there is no such folder. */
    static SortedMap<String, String> files(String folder) {
        SortedMap<String, String> files = new TreeMap<>();
        Path path = Checkout.ROOT.resolve(folder);
        if (Files.isDirectory(path)) {
            try (Stream<Path> list = Files.list(path)) {
                list.map(file -> file.getFileName().toString())
                        .forEach(name -> files.put(name, Checkout.read(folder + "/" + name)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }
}
