package io.sidecaroperator.operator.watch;

import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Store;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Starts the informers that are not JOSDK's. */
final class Informers {
    private Informers() {}

    /**
     * Hands over the list of a started informer. What an event has delivered meanwhile is newer than the list.
     *
     * @param ifAbsent takes an object unless it is known already
     * @param remove forgets an object
     */
    static <T> void load(SharedIndexInformer<T> informer, Consumer<T> ifAbsent, Consumer<T> remove) {
        Store<T> store = informer.getStore();
        for (T object : store.list()) {
            ifAbsent.accept(object);
            if (store.getByKey(store.getKey(object)) == null) {
                remove.accept(object);
            }
        }
    }

    /**
     * Starts an informer and waits until it has listed everything once.
     *
     * @param what the resource, as a role writes it
     * @throws IllegalStateException with a sentence for a person when that does not work in time
     */
    static void start(SharedIndexInformer<?> informer, String what, Duration limit) {
        try {
            informer.start().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the " + what + " were read", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the " + what + " cannot be read: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the " + what + " cannot be read within " + limit.toSeconds()
                            + " s: does the API server answer, and may the operator list and watch " + what + "?",
                    e);
        }
    }
}
