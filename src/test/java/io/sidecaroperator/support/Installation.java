package io.sidecaroperator.support;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The operator's own objects in a test cluster, as {@code deploy/install.yaml} ships them: CRDs, namespace,
 * ServiceAccount, permissions and Service. There is no Deployment, because tests run the operator themselves. So the
 * tests have exactly the permissions of a user's installation.
 */
public final class Installation {
    private static final Manifests MANIFESTS =
            Manifests.parse(Checkout.read("deploy/install.yaml")).without("Deployment");
    private static final String TEXT = MANIFESTS.text();
    /** What existed after the last installation; empty before the first. */
    private static String installed = "";

    private final TestCluster cluster;
    private final String namespace;
    private final String serviceAccount;

    private Installation(TestCluster cluster, String namespace, String serviceAccount) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.serviceAccount = serviceAccount;
    }

    /**
     * Installs it and waits until the CRDs are served. Does nothing when everything exists as it was installed before:
     * storing a CRD again costs the API server seconds.
     */
    public static synchronized Installation install(TestCluster cluster) {
        if (installed.isEmpty() || !versions(cluster).equals(installed)) {
            cluster.kubectl(TEXT, "apply", "--server-side", "--force-conflicts", "-f", "-")
                    .ok();
            List<String> wait = new ArrayList<>(List.of("wait", "--for=condition=Established", "--timeout=240s"));
            MANIFESTS
                    .names("CustomResourceDefinition")
                    .map("customresourcedefinition/"::concat)
                    .forEach(wait::add);
            cluster.kubectl("", wait.toArray(String[]::new)).ok();
            installed = versions(cluster);
        }
        ObjectNode account = MANIFESTS.only("ServiceAccount");
        return new Installation(
                cluster,
                account.path("metadata").path("namespace").asText(),
                account.path("metadata").path("name").asText());
    }

    /** Returns which of the objects exist, in which version. */
    private static String versions(TestCluster cluster) {
        String each =
                "{range .items[*]}{.kind} {.metadata.name} {.metadata.uid} {.metadata.resourceVersion}{'\\n'}{end}";
        return cluster.kubectl(TEXT, "get", "--ignore-not-found", "-f", "-", "-o", "jsonpath=" + each)
                .out();
    }

    /** Returns the operator's namespace. */
    public String namespace() {
        return namespace;
    }

    /** Returns the operator's name in the API server's audit log and in RBAC. */
    public String user() {
        return "system:serviceaccount:" + namespace + ":" + serviceAccount;
    }

    /**
     * Returns a kubeconfig whose only credential is a token of the operator's ServiceAccount, valid for a whole test
     * run.
     */
    public String operatorKubeconfig() {
        return cluster.kubeconfigOf(namespace, serviceAccount);
    }
}
