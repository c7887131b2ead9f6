package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.sidecaroperator.core.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The LimitRanges of all namespaces, from one watch. They are an input of every decision, but their events do not
 * reconcile every workload.
 */
public final class LimitRanges {
    private final List<SharedIndexInformer<LimitRange>> informers;
    private final Map<String, SortedMap<String, ObjectNode>> specs = new ConcurrentHashMap<>();
    private volatile Consumer<String> listener = namespace -> {};

    /**
     * @param namespaces the namespaces to watch; empty for all
     */
    public LimitRanges(KubernetesClient client, Set<String> namespaces) {
        this.informers = namespaces.isEmpty()
                ? List.of(client.limitRanges().inAnyNamespace().runnableInformer(0))
                : namespaces.stream()
                        .map(namespace ->
                                client.limitRanges().inNamespace(namespace).runnableInformer(0))
                        .toList();
        informers.forEach(informer -> {
            // If a watch ended for good, decisions would use old limits from then on.
            informer.exceptionHandler((started, exception) -> true);
            informer.addEventHandler(new Handler());
        });
    }

    /** Sets the listener for namespaces whose limits changed. */
    public void listen(Consumer<String> newListener) {
        this.listener = newListener;
    }

    /** Lists every LimitRange once. */
    public void start(Duration limit) {
        for (SharedIndexInformer<LimitRange> informer : informers) {
            Informers.start(informer, "limitranges", limit);
            Informers.load(informer, this::putIfAbsent, this::remove);
        }
    }

    public void stop() {
        informers.forEach(SharedIndexInformer::stop);
    }

    public boolean synced() {
        return informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    /** Returns the specs of a namespace's LimitRanges, in the order of their names. */
    public List<ObjectNode> in(String namespace) {
        return List.copyOf(specs.getOrDefault(namespace, new TreeMap<>()).values());
    }

    private void putIfAbsent(LimitRange range) {
        change(range, of -> of.putIfAbsent(range.getMetadata().getName(), specOf(range)) == null);
    }

    /** Stores a LimitRange. Returns whether its spec changed. */
    private boolean put(LimitRange range) {
        ObjectNode spec = specOf(range);
        return change(range, of -> !spec.equals(of.put(range.getMetadata().getName(), spec)));
    }

    private boolean remove(LimitRange range) {
        return change(range, of -> of.remove(range.getMetadata().getName()) != null);
    }

    private static ObjectNode specOf(LimitRange range) {
        return Json.MAPPER.valueToTree(range.getSpec());
    }

    /** Replaces a namespace's map as a whole: readers keep the map that they have. */
    private boolean change(LimitRange range, java.util.function.Predicate<SortedMap<String, ObjectNode>> edit) {
        String namespace = range.getMetadata().getNamespace();
        boolean[] changed = new boolean[1];
        specs.compute(namespace, (same, before) -> {
            SortedMap<String, ObjectNode> after = before == null ? new TreeMap<>() : new TreeMap<>(before);
            changed[0] = edit.test(after);
            return after.isEmpty() ? null : after;
        });
        return changed[0];
    }

    private final class Handler implements ResourceEventHandler<LimitRange> {
        @Override
        public void onAdd(LimitRange range) {
            tell(range, put(range));
        }

        @Override
        public void onUpdate(LimitRange before, LimitRange range) {
            tell(range, put(range));
        }

        @Override
        public void onDelete(LimitRange range, boolean finalStateUnknown) {
            tell(range, remove(range));
        }

        private void tell(LimitRange range, boolean changed) {
            if (changed) {
                listener.accept(range.getMetadata().getNamespace());
            }
        }
    }
}
