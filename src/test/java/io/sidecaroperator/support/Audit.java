package io.sidecaroperator.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The requests of one user to the API server since this object was created, from the API server's own log. */
public final class Audit {
    private static final Set<String> READS = Set.of("get", "list", "watch");

    private final TestCluster cluster;
    private final String user;
    private final long from;

    /** From the first request on. */
    public Audit(TestCluster cluster, String user) {
        this(cluster, user, 0);
    }

    private Audit(TestCluster cluster, String user, long from) {
        this.cluster = cluster;
        this.user = user;
        this.from = from;
    }

    /** From now on. */
    public static Audit fromNow(TestCluster cluster, String user) {
        return new Audit(cluster, user, cluster.auditSize());
    }

    /** Returns the requests of a verb for a resource in a namespace. */
    public List<JsonNode> in(String namespace, String verb, String resource) {
        return requests()
                .filter(event -> event.at("/objectRef/namespace").asText().equals(namespace)
                        && event.path("verb").asText().equals(verb)
                        && event.at("/objectRef/resource").asText().equals(resource))
                .toList();
    }

    /** Returns all requests that do not read, as {@code verb resource/subresource namespace/name code}. */
    public List<String> writes() {
        return requests()
                .filter(event -> !READS.contains(event.path("verb").asText()))
                .map(event ->
                        verb(event) + " " + event.at("/objectRef/namespace").asText() + "/"
                                + event.at("/objectRef/name").asText() + " "
                                + event.at("/responseStatus/code").asText())
                .toList();
    }

    /** Returns which verbs were used on which resources, as {@code verb resource/subresource.group}. */
    public Set<String> verbs() {
        return requests().map(Audit::verb).collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<JsonNode> requests() {
        return cluster.audit(from, user).stream()
                .filter(event -> event.path("stage").asText("ResponseComplete").equals("ResponseComplete")
                        || event.path("verb").asText().equals("watch"))
                .filter(event -> event.has("objectRef"));
    }

    private static String verb(JsonNode event) {
        JsonNode object = event.path("objectRef");
        String subresource = object.path("subresource").asText();
        String group = object.path("apiGroup").asText();
        return event.path("verb").asText() + " " + object.path("resource").asText()
                + (subresource.isEmpty() ? "" : "/" + subresource)
                + (group.isEmpty() ? "" : "." + group);
    }
}
