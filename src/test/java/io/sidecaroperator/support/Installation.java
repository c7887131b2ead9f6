package io.sidecaroperator.support;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The operator's own things in a test cluster, as {@code deploy/install.yaml} ships them: CRDs, namespace,
 * ServiceAccount, permissions and Service, but no Deployment, because tests run the operator themselves. So what the
 * tests may do is what a user's installation may do.
 */
public final class Installation {
    private final TestCluster cluster;
    private final String namespace;
    private final String serviceAccount;

    private Installation(TestCluster cluster, String namespace, String serviceAccount) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.serviceAccount = serviceAccount;
    }

    /** Installs it and waits until the CRDs are served; a second call changes nothing. */
    public static Installation install(TestCluster cluster) {
        Manifests manifests =
                Manifests.parse(Checkout.read("deploy/install.yaml")).without("Deployment");
        cluster.kubectl(manifests.text(), "apply", "--server-side", "--force-conflicts", "-f", "-")
                .ok();
        List<String> definitions = manifests
                .names("CustomResourceDefinition")
                .map("customresourcedefinition/"::concat)
                .toList();
        if (!definitions.isEmpty()) {
            List<String> wait = new ArrayList<>(List.of("wait", "--for=condition=Established", "--timeout=240s"));
            wait.addAll(definitions);
            cluster.kubectl("", wait.toArray(String[]::new)).ok();
        }
        ObjectNode account = manifests.only("ServiceAccount");
        return new Installation(
                cluster,
                account.path("metadata").path("namespace").asText(),
                account.path("metadata").path("name").asText());
    }

    /** The operator's namespace. */
    public String namespace() {
        return namespace;
    }

    /** The operator as the API server calls it in its audit log and in RBAC. */
    public String user() {
        return "system:serviceaccount:" + namespace + ":" + serviceAccount;
    }

    /** A kubeconfig whose only credential is a token of the operator's ServiceAccount, good for a whole test run. */
    public String operatorKubeconfig() {
        return cluster.kubeconfigOf(namespace, serviceAccount);
    }
}
