package io.sidecaroperator.operator.write;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts Kubernetes events, which a user sees with {@code kubectl describe} or {@code kubectl events}. The name of an
 * event is derived from its content, so the same event is posted once. Posting never delays a reconciliation. An event
 * may be lost when the queue is full or the connection fails: events are hints, and the status has everything.
 */
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    /** The namespace in which Kubernetes expects events about cluster-scoped objects. */
    private static final String NAMESPACE_OF_CLUSTER_EVENTS = "default";

    /** In bytes, as the API server counts. */
    private static final int MAX_NOTE = 1024;

    private static final String ELLIPSIS = "...";
    private static final int MAX_NAME_PREFIX = 200;
    private static final int NAME_DIGITS = 16;
    private static final int QUEUE = 2000;

    private final KubernetesClient client;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final ThreadPoolExecutor poster;

    public EventRecorder(KubernetesClient client, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.clock = clock;
        this.metrics = metrics;
        this.poster = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                task -> daemon(task),
                (task, pool) -> count("dropped"));
    }

    /** A message about an object. {@code identity} distinguishes it from earlier events. */
    record Notice(boolean warning, String reason, String action, String note, String identity) {}

    /** Posts a notice about an object, asynchronously. */
    void post(HasMetadata about, Notice notice) {
        Event event = event(about, notice);
        poster.execute(() -> send(event));
    }

    /** Posts the events that are still in the queue, until the limit has passed. */
    public void stop(Duration limit) {
        poster.shutdown();
        try {
            if (!poster.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                poster.shutdownNow();
            }
        } catch (InterruptedException e) {
            poster.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private Event event(HasMetadata about, Notice notice) {
        String name = about.getMetadata().getName();
        String namespace = about.getMetadata().getNamespace();
        String uid = String.valueOf(about.getMetadata().getUid());
        String hash = Canonical.hash(Json.array().add(uid).add(notice.reason()).add(notice.identity()), NAME_DIGITS);
        ObjectReference regarding = new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(namespace)
                .withName(name)
                .withUid(about.getMetadata().getUid())
                .build();
        return new EventBuilder()
                .withNewMetadata()
                .withName(prefix(name) + "." + hash)
                .withNamespace(namespace == null ? NAMESPACE_OF_CLUSTER_EVENTS : namespace)
                .endMetadata()
                .withRegarding(regarding)
                .withEventTime(new MicroTime(MICROS.format(clock.instant())))
                .withReportingController(Writer.FIELD_MANAGER)
                .withReportingInstance(Writer.FIELD_MANAGER)
                .withType(notice.warning() ? "Warning" : "Normal")
                .withReason(notice.reason())
                .withAction(notice.action())
                .withNote(shorten(notice.note(), MAX_NOTE))
                .build();
    }

    private void send(Event event) {
        try {
            client.resource(event).create();
            count("posted");
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                count("repeated");
                return;
            }
            count("failed");
            LOG.debug("the event {} was not posted", event.getMetadata().getName(), e);
        }
    }

    private void count(String result) {
        metrics.counter("sidecar_operator_events", "result", result).increment();
    }

    /** Returns a prefix with which a name can begin: a part between dots must not be empty or end with a dash. */
    private static String prefix(String name) {
        String start = name.substring(0, Math.min(name.length(), MAX_NAME_PREFIX));
        return start.replaceAll("[.-]+$", "");
    }

    /** Shortens a text to a number of bytes, between two characters. */
    static String shorten(String text, int bytes) {
        if (text.getBytes(StandardCharsets.UTF_8).length <= bytes) {
            return text;
        }
        int left = bytes - ELLIPSIS.length();
        int end = 0;
        while (end < text.length()) {
            int next = end + Character.charCount(text.codePointAt(end));
            left -= text.substring(end, next).getBytes(StandardCharsets.UTF_8).length;
            if (left < 0) {
                break;
            }
            end = next;
        }
        return text.substring(0, end) + ELLIPSIS;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "events");
        thread.setDaemon(true);
        return thread;
    }
}
