package io.sidecaroperator.operator.admission;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.sidecaroperator.operator.admission.ReviewEndpoint.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS server of admission, on the JDK's own server. Each connection has a thread, because the server reads
 * requests with blocking calls and idle connections would use up a fixed pool. Other limits bound the cost of requests:
 * connections, bytes in memory, and responses computed at the same time.
 */
public final class WebhookServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);

    private static final int KIB = 1024;

    private final HttpsServer server;
    private final ThreadPoolExecutor connections;
    private final Limits limits;
    private final Semaphore atWork;
    private final Semaphore bodyKib;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean draining;

    /**
     * The limits of a server.
     *
     * @param connections open connections; the next one is closed at once
     * @param bodyBytes the longest body
     * @param bodiesBytes all bodies in memory together
     * @param atWork responses computed at the same time. They need only the processor, so a number above that of the
     *     processors would not help
     * @param patience how long a request waits until it is served; less than the API server waits for the response
     */
    public record Limits(int connections, int bodyBytes, int bodiesBytes, int atWork, Duration patience) {
        /**
         * The API server stores objects of up to 3 MiB (1.5 MiB in etcd by default). A review may hold two of them, old
         * and new, and an envelope. So a review of an object that can be stored is not longer than 7 MiB.
         */
        private static final int LONGEST_REVIEW = 7 * KIB * KIB;

        /** Returns the limits of the real server. */
        public static Limits ofThisMachine() {
            int processors = Math.max(2, Runtime.getRuntime().availableProcessors());
            return new Limits(512, LONGEST_REVIEW, 2 * LONGEST_REVIEW, processors, Duration.ofSeconds(2));
        }
    }

    private WebhookServer(HttpsServer server, Limits limits) {
        this.server = server;
        this.limits = limits;
        this.atWork = new Semaphore(limits.atWork(), true);
        this.bodyKib = new Semaphore(limits.bodiesBytes() / KIB, true);
        AtomicLong number = new AtomicLong();
        this.connections = new ThreadPoolExecutor(
                1, limits.connections(), 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "webhook-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        server.setExecutor(connections);
    }

    /** Binds and serves. Port 0 takes a free one. */
    public static WebhookServer start(InetSocketAddress address, SSLContext tls, Limits limits) throws IOException {
        HttpTuning.apply();
        HttpsServer server = HttpsServer.create(address, limits.connections());
        server.setHttpsConfigurator(new ModernTls(tls));
        WebhookServer started = new WebhookServer(server, limits);
        server.start();
        return started;
    }

    private static final class ModernTls extends HttpsConfigurator {
        private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

        ModernTls(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters tls = getSSLContext().getDefaultSSLParameters();
            tls.setProtocols(PROTOCOLS);
            parameters.setSSLParameters(tls);
        }
    }

    /** Returns the address with the port that was bound. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Returns the port that was bound. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Serves an endpoint under a path. */
    public void route(String path, ReviewEndpoint endpoint) {
        server.createContext(path, exchange -> serve(exchange, path, endpoint));
    }

    /** Stops serving that path. */
    public void removeRoute(String path) {
        server.removeContext(path);
    }

    /** Ends within this time: accepts no new connections, and finishes the requests that have come. */
    public void stop(Duration limit) {
        draining = true;
        int seconds = inFlight.get() == 0 ? 0 : (int) Math.max(1, limit.toSeconds());
        server.stop(seconds);
        connections.shutdownNow();
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    private void serve(HttpExchange exchange, String path, ReviewEndpoint endpoint) {
        inFlight.incrementAndGet();
        try (exchange) {
            send(exchange, reply(exchange, path, endpoint));
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("A caller closed the connection before its reply");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            endpoint.rejected("ServerError");
            LOG.atError().addKeyValue("path", path).setCause(e).log("A request could not be served");
        } finally {
            inFlight.decrementAndGet();
        }
    }

    private Reply reply(HttpExchange exchange, String path, ReviewEndpoint endpoint)
            throws IOException, InterruptedException {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            return Reply.text(404, "nothing is served here; the webhook is at " + path);
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            return Reply.text(405, "only POST is served here");
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.split(";", 2)[0].trim().equalsIgnoreCase("application/json")) {
            return Reply.text(415, "the Content-Type must be application/json");
        }
        return read(exchange, endpoint);
    }

    private Reply read(HttpExchange exchange, ReviewEndpoint endpoint) throws IOException, InterruptedException {
        long declared = declaredLength(exchange);
        if (declared > limits.bodyBytes()) {
            return tooLarge(endpoint);
        }
        // A body of unknown length counts as the longest.
        int kib = (int) ((declared < 0 ? limits.bodyBytes() : declared) / KIB) + 1;
        if (!bodyKib.tryAcquire(kib, limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
            return busy(endpoint);
        }
        try {
            InputStream in = exchange.getRequestBody();
            byte[] body = in.readNBytes(limits.bodyBytes() + 1);
            return body.length > limits.bodyBytes() ? tooLarge(endpoint) : answer(body, endpoint);
        } finally {
            bodyKib.release(kib);
        }
    }

    private Reply answer(byte[] body, ReviewEndpoint endpoint) throws InterruptedException {
        if (!atWork.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
            return busy(endpoint);
        }
        try {
            return endpoint.answer(body);
        } finally {
            atWork.release();
        }
    }

    private Reply tooLarge(ReviewEndpoint endpoint) {
        endpoint.rejected("TooLarge");
        return Reply.text(413, "the body is longer than " + limits.bodyBytes() + " bytes");
    }

    private static Reply busy(ReviewEndpoint endpoint) {
        endpoint.rejected("Busy");
        return Reply.text(503, "too many requests at once");
    }

    /** Returns the Content-Length, or -1 when the header is missing or invalid. */
    private static long declaredLength(HttpExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        try {
            return length == null ? -1 : Long.parseLong(length.trim());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        if (draining || reply.status() != 200) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        exchange.sendResponseHeaders(reply.status(), reply.body().length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(reply.body());
        }
    }
}
