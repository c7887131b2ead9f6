package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.sidecaroperator.core.workload.CustomKind;
import io.sidecaroperator.operator.write.Writer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API of a kind that only the configuration names. The API server is asked once for its resource name. */
final class CustomKindApi implements WorkloadReconciliation.Patcher<GenericKubernetesResource> {
    private final KubernetesClient client;
    private final CustomKind kind;
    private final Set<String> namespaces;
    private final Writer writer;
    private volatile @Nullable ResourceDefinitionContext found;

    /**
     * @param namespaces the namespaces to watch; empty for all
     */
    CustomKindApi(KubernetesClient client, CustomKind kind, Set<String> namespaces, Writer writer) {
        this.client = client;
        this.kind = kind;
        this.namespaces = Set.copyOf(namespaces);
        this.writer = writer;
    }

    /** Asks the API server for the kind. Returns the reason when the kind is not available. */
    Optional<String> find() {
        APIResourceList served;
        try {
            served = client.getApiResources(kind.apiVersion());
        } catch (KubernetesClientException e) {
            return Optional.of("the API server does not tell what " + kind.apiVersion() + " is: " + e.getMessage());
        }
        Optional<APIResource> resource = served == null
                ? Optional.empty()
                : served.getResources().stream()
                        .filter(one -> kind.kind().kind().equals(one.getKind()))
                        .filter(one -> one.getName().indexOf('/') < 0)
                        .findFirst();
        if (resource.isEmpty()) {
            return Optional.of("the API server has no " + kind.kind().kind() + " in " + kind.apiVersion()
                    + "; is its CustomResourceDefinition installed?");
        }
        if (!Boolean.TRUE.equals(resource.get().getNamespaced())) {
            return Optional.of(kind.kind().kind() + " is in no namespace, so it is no workload");
        }
        found = ResourceDefinitionContext.fromApiResource(kind.apiVersion(), resource.get());
        return Optional.empty();
    }

    /** Returns the name of the resource, as a role writes it. */
    String resource() {
        return context().getPlural() + "." + kind.kind().group();
    }

    /** Returns new informers for the kind, not started yet. */
    List<SharedIndexInformer<GenericKubernetesResource>> informers() {
        if (namespaces.isEmpty()) {
            return List.of(resources().inAnyNamespace().runnableInformer(0));
        }
        return namespaces.stream()
                .map(namespace -> resources().inNamespace(namespace).runnableInformer(0))
                .toList();
    }

    @Override
    public Writer.PatchResult<GenericKubernetesResource> patch(GenericKubernetesResource seen, ArrayNode operations) {
        return writer.patch(resources().resource(seen), seen, operations);
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            resources() {
        return client.genericKubernetesResources(context());
    }

    private ResourceDefinitionContext context() {
        ResourceDefinitionContext context = found;
        if (context == null) {
            throw new IllegalStateException(kind.kind().kind() + " was not found yet");
        }
        return context;
    }
}
