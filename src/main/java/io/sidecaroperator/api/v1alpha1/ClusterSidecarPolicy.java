package io.sidecaroperator.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * Which pods of many namespaces get which sidecars. The CRD is generated from this class; policies are read as trees.
 */
@Group(SidecarPolicy.GROUP)
@Version(SidecarPolicy.VERSION)
@Kind(ClusterSidecarPolicy.KIND)
@Plural("clustersidecarpolicies")
@Singular("clustersidecarpolicy")
@ShortNames("cscp")
@Categories("sidecars")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Matched",
        jsonPath = ".status.workloads.matched",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Injected",
        jsonPath = ".status.workloads.injected",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Revision", jsonPath = ".status.revision", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class ClusterSidecarPolicy extends CustomResource<ClusterSidecarPolicySpec, SidecarPolicyStatus> {
    public static final String KIND = "ClusterSidecarPolicy";

    @Override
    @Required
    public ClusterSidecarPolicySpec getSpec() {
        return super.getSpec();
    }

    @Override
    protected @Nullable SidecarPolicyStatus initStatus() {
        return null;
    }
}
