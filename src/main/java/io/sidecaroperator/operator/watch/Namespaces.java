package io.sidecaroperator.operator.watch;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.sidecaroperator.core.injection.Input;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The labels of all namespaces, from one watch. They are an input of every decision. */
public final class Namespaces {
    private final SharedIndexInformer<Namespace> informer;
    private final String operatorNamespace;
    private final Map<String, KnownNamespace> states = new ConcurrentHashMap<>();
    private volatile Consumer<String> listener = namespace -> {};

    /** What decisions depend on. */
    public record KnownNamespace(Map<String, String> labels, boolean terminating) {
        private static KnownNamespace of(Namespace namespace) {
            Map<String, String> labels = namespace.getMetadata().getLabels();
            return new KnownNamespace(
                    labels == null ? Map.of() : Map.copyOf(labels),
                    namespace.getMetadata().getDeletionTimestamp() != null);
        }
    }

    public Namespaces(KubernetesClient client, String operatorNamespace) {
        this.operatorNamespace = operatorNamespace;
        this.informer = client.namespaces().runnableInformer(0);
        // If a watch ended for good, decisions would use old labels from then on.
        informer.exceptionHandler((started, exception) -> true);
        informer.addEventHandler(new Handler());
    }

    /** Sets the listener for namespaces whose labels changed or that are being deleted. */
    public void listen(Consumer<String> newListener) {
        this.listener = newListener;
    }

    /** Lists every namespace once. */
    public void start(Duration limit) {
        Informers.start(informer, "namespaces", limit);
        Informers.load(
                informer,
                namespace -> states.putIfAbsent(nameOf(namespace), KnownNamespace.of(namespace)),
                namespace -> states.remove(nameOf(namespace)));
    }

    public void stop() {
        informer.stop();
    }

    public boolean synced() {
        return informer.hasSynced();
    }

    /** Returns what is known of a namespace; empty when the watch has not shown it yet, or it is deleted. */
    public Optional<KnownNamespace> state(String namespace) {
        return Optional.ofNullable(states.get(namespace));
    }

    /** Whether the operator never touches the namespace: it belongs to the cluster itself or to the operator. */
    public boolean isProtected(String namespace) {
        return Input.SYSTEM_NAMESPACES.contains(namespace) || operatorNamespace.equals(namespace);
    }

    private static String nameOf(Namespace namespace) {
        return namespace.getMetadata().getName();
    }

    private void see(Namespace namespace) {
        KnownNamespace now = KnownNamespace.of(namespace);
        if (!now.equals(states.put(nameOf(namespace), now))) {
            listener.accept(nameOf(namespace));
        }
    }

    private final class Handler implements ResourceEventHandler<Namespace> {
        @Override
        public void onAdd(Namespace namespace) {
            see(namespace);
        }

        @Override
        public void onUpdate(Namespace before, Namespace namespace) {
            see(namespace);
        }

        @Override
        public void onDelete(Namespace namespace, boolean finalStateUnknown) {
            states.remove(nameOf(namespace));
        }
    }
}
