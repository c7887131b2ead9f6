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

/** The namespaces' labels, from the one watch on namespaces: they are facts of every decision and no event of a workload. */
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
        // A watch that ends for good would leave decisions to old labels for ever.
        informer.exceptionHandler((started, exception) -> true);
        informer.addEventHandler(new Handler());
    }

    /** Who is told that a namespace's labels changed, or that it is being deleted. */
    public void listen(Consumer<String> newListener) {
        this.listener = newListener;
    }

    /** Reads every namespace once. */
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

    /** What is known of a namespace; empty when the watch has not shown it yet, or no more. */
    public Optional<KnownNamespace> state(String namespace) {
        return Optional.ofNullable(states.get(namespace));
    }

    /** Whether the operator keeps its hands off: a namespace of the cluster's own or the operator's. */
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
