package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.rollout.RevisionHistory;
import io.sidecaroperator.operator.write.WriteExpectations;
import io.sidecaroperator.operator.write.Writer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the revisions of policies in the cluster: ControllerRevisions in the policy's namespace, and those of cluster
 * policies in the operator's own namespace. So a workload that has an earlier revision can be given that revision
 * again.
 */
public final class RevisionStore {
    /** How long after a refusal the same request is repeated: permissions may come late. */
    public static final Duration PATIENCE_AFTER_REFUSAL = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(RevisionStore.class);
    private static final int DELETIONS_AT_A_TIME = 5;
    private static final ResourceDefinitionContext RESOURCE = new ResourceDefinitionContext.Builder()
            .withGroup("apps")
            .withVersion("v1")
            .withKind(KeptRevision.KIND)
            .withPlural("controllerrevisions")
            .withNamespaced(true)
            .build();

    private final String operatorNamespace;
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers;
    private final RevisionCache kept;
    private final Writer writer;
    private final Clock clock;
    private final Map<String, Creation> written = new ConcurrentHashMap<>();
    private final Map<PolicyKey, Refusal> refusals = new ConcurrentHashMap<>();
    private volatile Consumer<RevisionChange> listener = change -> {};

    /**
     * @param namespaces the namespaces to watch besides the operator's own; empty for all
     * @param kept the cache that the watch fills
     */
    public RevisionStore(
            KubernetesClient client,
            Collection<String> namespaces,
            String operatorNamespace,
            RevisionCache kept,
            Writer writer,
            Clock clock) {
        this.operatorNamespace = operatorNamespace;
        this.kept = kept;
        this.writer = writer;
        this.clock = clock;
        this.informers = namespaces.isEmpty()
                ? List.of(client.genericKubernetesResources(RESOURCE)
                        .inAnyNamespace()
                        .withLabel(KeptRevision.LABEL)
                        .runnableInformer(0))
                : Stream.concat(namespaces.stream(), Stream.of(operatorNamespace))
                        .distinct()
                        .map(namespace -> client.genericKubernetesResources(RESOURCE)
                                .inNamespace(namespace)
                                .withLabel(KeptRevision.LABEL)
                                .runnableInformer(0))
                        .toList();
        informers.forEach(informer -> {
            // If a watch ended for good, decisions would use old revisions from then on.
            informer.exceptionHandler((started, exception) -> true);
            informer.addEventHandler(new Handler());
        });
    }

    /**
     * A revision of a policy was added or deleted.
     *
     * @param gone whether it was deleted
     */
    public record RevisionChange(PolicyKey policy, String revision, boolean gone) {}

    /**
     * A revision that was written, and that the watch may not show yet.
     *
     * @param found whether the object existed already
     */
    private record Creation(String revision, Instant at, boolean found) {
        boolean isFresh(Instant now) {
            return now.isBefore(at.plus(found ? PATIENCE_AFTER_REFUSAL : WriteExpectations.PATIENCE));
        }
    }

    private record Refusal(String policyUid, String revision, String message, Instant at) {}

    /** Sets the listener for changes. */
    public void listen(Consumer<RevisionChange> newListener) {
        this.listener = newListener;
    }

    /** Lists every stored revision once. */
    public void start(Duration limit) {
        for (SharedIndexInformer<GenericKubernetesResource> informer : informers) {
            Informers.start(informer, "controllerrevisions", limit);
            Informers.load(
                    informer,
                    object -> read(object).ifPresent(kept::putIfAbsent),
                    object -> read(object).ifPresent(kept::remove));
        }
    }

    public void stop() {
        informers.forEach(SharedIndexInformer::stop);
    }

    public boolean synced() {
        return informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    /**
     * Stores the policy's present revision if it is not stored yet, so that it can be given again after the policy has
     * changed. Returns whether it is stored.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the next try may succeed
     */
    public boolean ensure(KnownPolicy policy, CustomResource<JsonNode, JsonNode> resource) {
        String revision = policy.compiled()
                .map(CompiledPolicy::revision)
                .orElseThrow(
                        () -> new IllegalArgumentException(policy.key() + " does not compile, so it has no revision"));
        Optional<Creation> last = Optional.ofNullable(written.get(policy.uid()))
                .filter(note -> note.revision().equals(revision));
        if (kept.has(policy.uid(), revision)
                || last.filter(note -> note.isFresh(clock.instant())).isPresent()) {
            refusals.remove(policy.key());
            return true;
        }
        if (refusal(policy).isPresent() && !isDue(policy.key())) {
            return false;
        }
        return create(policy, resource, revision, last.filter(Creation::found).isPresent());
    }

    /** Returns why the policy's present revision is not stored, if the API server refused it. */
    public Optional<String> refusal(KnownPolicy policy) {
        return Optional.ofNullable(refusals.get(policy.key()))
                .filter(refusal -> refusal.policyUid().equals(policy.uid())
                        && policy.compiled().map(CompiledPolicy::revision).equals(Optional.of(refusal.revision())))
                .map(Refusal::message);
    }

    /**
     * Deletes a few of the policy's oldest revisions beyond the limit. Returns whether there are more to delete.
     *
     * @param needed the revisions that stay, however old they are
     */
    public boolean prune(KnownPolicy policy, int limit, Set<String> needed) {
        Collection<KeptRevision> all = kept.of(policy.uid());
        String present = policy.compiled().map(CompiledPolicy::revision).orElse("");
        List<RevisionHistory.Revision> surplus =
                RevisionHistory.surplus(RevisionCache.entries(all), limit, present, needed);
        for (RevisionHistory.Revision entry : surplus.subList(0, Math.min(DELETIONS_AT_A_TIME, surplus.size()))) {
            all.stream().filter(revision -> revision.entry().equals(entry)).forEach(this::delete);
        }
        return surplus.size() > DELETIONS_AT_A_TIME;
    }

    /** Forgets a policy that is gone. */
    public void forget(PolicyKey key) {
        refusals.remove(key);
    }

    /**
     * @param again whether an object of its name existed at an earlier try, and the watch has not shown it as a
     *     revision since
     */
    private boolean create(
            KnownPolicy policy, CustomResource<JsonNode, JsonNode> resource, String revision, boolean again) {
        String namespace = policy.key().namespace().isEmpty()
                ? operatorNamespace
                : policy.key().namespace();
        long number = RevisionHistory.nextNumber(RevisionCache.entries(kept.of(policy.uid())));
        ObjectNode object = KeptRevision.manifest(resource, revision, number, namespace);
        Writer.PatchResult<ObjectNode> outcome = send(policy.uid(), revision, collection(namespace), object);
        boolean there = outcome instanceof Writer.PatchResult.Conflict<ObjectNode>;
        if (outcome instanceof Writer.PatchResult.Patched<ObjectNode> || there && !again) {
            written.computeIfPresent(policy.uid(), (uid, note) -> new Creation(revision, note.at(), there));
            refusals.remove(policy.key());
            return true;
        }
        written.remove(policy.uid());
        return refused(policy, revision, why(outcome, object.path("metadata")));
    }

    private static String why(Writer.PatchResult<ObjectNode> outcome, JsonNode metadata) {
        if (outcome instanceof Writer.PatchResult.Refused<ObjectNode> rejected) {
            return rejected.message();
        }
        String namespace = metadata.path("namespace").asText();
        return outcome instanceof Writer.PatchResult.Conflict<ObjectNode>
                ? "ControllerRevision " + namespace + "/"
                        + metadata.path("name").asText()
                        + " is there without the label or the owner that the operator gave it; delete it"
                : "the namespace " + namespace + " is not there";
    }

    private boolean refused(KnownPolicy policy, String revision, String message) {
        Refusal before = refusals.put(policy.key(), new Refusal(policy.uid(), revision, message, clock.instant()));
        if (before == null || !before.message().equals(message)) {
            LOG.warn("revision {} of policy {} cannot be stored: {}", revision, policy.key(), message);
        }
        return false;
    }

    /**
     * Remembers the write before it is sent: the watch may show the object, and even its deletion, before the response
     * comes.
     */
    private Writer.PatchResult<ObjectNode> send(String policyUid, String revision, String path, ObjectNode object) {
        written.put(policyUid, new Creation(revision, clock.instant(), false));
        try {
            return writer.create(path, object);
        } catch (RuntimeException e) {
            written.remove(policyUid);
            throw e;
        }
    }

    private void delete(KeptRevision revision) {
        String path = collection(revision.namespace()) + "/" + revision.entry().name();
        Writer.PatchResult<ObjectNode> outcome = writer.delete(path, KeptRevision.KIND, revision.uid());
        if (outcome instanceof Writer.PatchResult.Refused<ObjectNode> rejected) {
            LOG.warn(
                    "revision {} of policy {}, which is not in use, could not be deleted: {}",
                    revision.entry().revision(),
                    revision.policy(),
                    rejected.message());
            return;
        }
        kept.remove(revision);
    }

    private boolean isDue(PolicyKey key) {
        Refusal refusal = refusals.get(key);
        return refusal == null || !clock.instant().isBefore(refusal.at().plus(PATIENCE_AFTER_REFUSAL));
    }

    private static String collection(String namespace) {
        return "/apis/" + KeptRevision.API_VERSION + "/namespaces/" + namespace + "/controllerrevisions";
    }

    /** Reads any content of an object: a defect in it must not end the watch. */
    private Optional<KeptRevision> read(GenericKubernetesResource object) {
        try {
            return KeptRevision.of(object, operatorNamespace);
        } catch (RuntimeException e) {
            LOG.warn(
                    "ControllerRevision {}/{} cannot be read",
                    object.getMetadata().getNamespace(),
                    object.getMetadata().getName(),
                    e);
            return Optional.empty();
        }
    }

    private final class Handler implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {
            read(object).ifPresent(this::came);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
            Optional<KeptRevision> was = read(before);
            Optional<KeptRevision> is = read(object);
            if (!was.equals(is)) {
                was.ifPresent(this::went);
                is.ifPresent(this::came);
            }
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
            read(object).ifPresent(this::went);
        }

        private void came(KeptRevision revision) {
            kept.put(revision);
            shown(revision);
            tell(revision, false);
        }

        private void went(KeptRevision revision) {
            kept.remove(revision);
            shown(revision);
            tell(revision, true);
        }

        private void shown(KeptRevision revision) {
            written.computeIfPresent(
                    revision.owner(),
                    (uid, last) -> last.revision().equals(revision.entry().revision()) ? null : last);
        }

        private void tell(KeptRevision revision, boolean gone) {
            listener.accept(
                    new RevisionChange(revision.policy(), revision.entry().revision(), gone));
        }
    }
}
