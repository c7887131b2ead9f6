package io.sidecaroperator.deploy;

import java.util.regex.Pattern;

/** {@code deploy/install.yaml}: the chart with its own values, for people who do not use Helm. */
final class InstallFile {
    static final String PATH = "deploy/install.yaml";

    private static final String HEADER = """
            # Everything that sidecar-operator needs, for kubectl apply --server-side -f (and again to upgrade, CRDs included).
            # Rendered from deploy/helm/sidecar-operator with its default values: do not edit, but change the chart and run
            #   mvn test -Dtest=InstallFileTest -Ddeploy.update
            # No image is published yet: set your own in the Deployment, for example by a kustomization (kustomization.yaml).
            apiVersion: v1
            kind: Namespace
            metadata:
              name: %s
              labels:
                app.kubernetes.io/name: sidecar-operator
                pod-security.kubernetes.io/enforce: restricted
            """.formatted(HelmChart.NAMESPACE);

    /** True of what Helm installs, false of what kubectl applies. */
    private static final Pattern HELM_ONLY = Pattern.compile("(?m)^ +app\\.kubernetes\\.io/managed-by: Helm\n");

    private InstallFile() {}

    static String render() {
        return HEADER + HELM_ONLY.matcher(HelmChart.template()).replaceAll("");
    }
}
