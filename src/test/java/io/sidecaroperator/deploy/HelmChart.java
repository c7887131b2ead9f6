package io.sidecaroperator.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The project's chart, rendered by real Helm. */
final class HelmChart {
    static final String FOLDER = "deploy/helm/sidecar-operator";
    static final String NAMESPACE = "sidecar-operator-system";
    /** The newest minor version on which the project is tested. Helm needs a version and has no cluster to ask. */
    static final String KUBERNETES = "1.36.3";
    /** The oldest version that the chart accepts. */
    static final String OLDEST_KUBERNETES = KubernetesVersion.OLDEST + ".0";

    private HelmChart() {}

    static Helm helm() {
        return new Helm(Checkout.ROOT.resolve(FOLDER));
    }

    /** Returns the text that {@code helm template} prints, with the chart's default values. */
    static String template() {
        return template(KUBERNETES);
    }

    /** Returns the same for an API server of this version. */
    static String template(String kubernetes) {
        return helm().template()
                .withName("sidecar-operator")
                .withNamespace(NAMESPACE)
                .withKubeVersion(kubernetes)
                .call();
    }

    static Manifests render() {
        return Manifests.parse(template());
    }

    /** Returns the objects rendered with a file of values, as {@code -f} reads it. */
    static Manifests render(String values) {
        return render("sidecar-operator", values);
    }

    static Manifests render(String release, String values) {
        return render(helm(), release, values);
    }

    /**
     * Returns the objects that exist only while the release is being deleted. This Helm does not render hooks, so a
     * copy of the chart without the hook annotations is rendered.
     */
    static Manifests hooks(String release, String values) {
        Path copy = null;
        try {
            copy = copy();
            Manifests all = render(new Helm(copy), release, values);
            return new Manifests(all.objects().stream()
                    .filter(object -> object.at("/metadata/annotations").has("hook"))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(copy);
        }
    }

    private static Path copy() throws IOException {
        Path copy = Files.createTempDirectory("chart");
        Path chart = Checkout.ROOT.resolve(FOLDER);
        Files.createDirectory(copy.resolve("templates"));
        for (String file : List.of("Chart.yaml", "values.yaml", "values.schema.json")) {
            Files.copy(chart.resolve(file), copy.resolve(file));
        }
        for (String file : List.of("_helpers.tpl", "uninstall.yaml")) {
            Files.writeString(
                    copy.resolve("templates/" + file),
                    Files.readString(chart.resolve("templates/" + file)).replace("helm.sh/hook", "hook"));
        }
        return copy;
    }

    private static void delete(@Nullable Path folder) {
        if (folder != null) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Manifests render(Helm helm, String release, String values) {
        Path file = valuesFile(values);
        try {
            String text = helm.template()
                    .withName(release)
                    .withNamespace(NAMESPACE)
                    .withKubeVersion(KUBERNETES)
                    .withValuesFile(file)
                    .call();
            return text == null ? new Manifests(List.of()) : Manifests.parse(text);
        } finally {
            file.toFile().delete();
        }
    }

    static Path valuesFile(String values) {
        try {
            return Files.writeString(Files.createTempFile("values", ".yaml"), values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the object of a YAML file of the chart that has one object. */
    static ObjectNode file(String path) {
        return Manifests.parse(Checkout.read(FOLDER + "/" + path)).objects().get(0);
    }
}
