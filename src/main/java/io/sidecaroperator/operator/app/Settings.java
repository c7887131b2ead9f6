package io.sidecaroperator.operator.app;

import io.sidecaroperator.core.workload.WorkloadKinds;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one operator process. An option of the command line wins over its environment variable.
 *
 * @param kubeconfig the cluster; empty inside a pod, whose ServiceAccount is used
 * @param namespaces the namespaces whose policies count; empty for all
 * @param webhookHost the host by which the API server calls the webhook; empty for a Service in front of the pod
 * @param webhookPort the port of the webhook; 0 for any free port
 * @param workloadWebhook whether workloads are admitted, besides pods
 * @param httpPort the port for health and metrics; 0 for any free port
 * @param kinds the kinds of workloads, including those that Kubernetes does not have itself
 * @param leaderElection whether this may be one of several processes, of which one changes the cluster
 * @param installation the names of this installation in the cluster
 */
public record Settings(
        Optional<Path> kubeconfig,
        Set<String> namespaces,
        Optional<String> webhookHost,
        int webhookPort,
        boolean workloadWebhook,
        int httpPort,
        WorkloadKinds kinds,
        boolean leaderElection,
        Installation installation) {
    static final String KUBECONFIG = "SIDECAR_OPERATOR_KUBECONFIG";
    static final String NAMESPACES = "SIDECAR_OPERATOR_NAMESPACES";
    static final String WEBHOOK_HOST = "SIDECAR_OPERATOR_WEBHOOK_HOST";
    static final String WEBHOOK_PORT = "SIDECAR_OPERATOR_WEBHOOK_PORT";
    static final String WORKLOAD_WEBHOOK = "SIDECAR_OPERATOR_WORKLOAD_WEBHOOK";
    static final String HTTP_PORT = "SIDECAR_OPERATOR_HTTP_PORT";
    static final String WORKLOAD_KINDS = "SIDECAR_OPERATOR_WORKLOAD_KINDS";
    static final String LEADER_ELECTION = "SIDECAR_OPERATOR_LEADER_ELECTION";
    static final String SERVICE = "SIDECAR_OPERATOR_SERVICE";
    static final String OWN_NAMESPACE = "POD_NAMESPACE";

    static final int DEFAULT_WEBHOOK_PORT = 9443;
    static final int DEFAULT_HTTP_PORT = 8080;
    static final String DEFAULT_NAMESPACE = "sidecar-operator-system";
    static final String DEFAULT_SERVICE = "sidecar-operator";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    public Settings {
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * The names of this installation in the cluster.
     *
     * @param namespace the operator's own namespace, which policies never touch
     * @param service name of the Service in front of the webhook, of the webhook configuration and of the lease
     */
    public record Installation(String namespace, String service) {}

    /**
     * The options of the command line, as they were typed.
     *
     * @param namespaces each may hold several, separated by commas
     * @param workloadKinds each may hold several, separated by commas
     */
    public record Given(
            @Nullable String kubeconfig,
            List<String> namespaces,
            @Nullable String webhookHost,
            @Nullable String webhookPort,
            @Nullable String workloadWebhook,
            @Nullable String httpPort,
            List<String> workloadKinds,
            @Nullable String leaderElection) {
        /** No options: all values come from the environment. */
        public static final Given NOTHING = new Given(null, List.of(), null, null, null, null, List.of(), null);

        public Given {
            namespaces = List.copyOf(namespaces);
            workloadKinds = List.copyOf(workloadKinds);
        }
    }

    /**
     * Reads the settings.
     *
     * @param podNamespace the namespace in the files of the ServiceAccount, if there are such files
     * @throws SettingsException when a value cannot be used
     */
    public static Settings of(Given given, Map<String, String> environment, Optional<String> podNamespace) {
        Reader reader = new Reader(environment);
        return new Settings(
                reader.text("--kubeconfig", given.kubeconfig(), KUBECONFIG).map(value -> Path.of(value.text())),
                reader.namespaces(given.namespaces()),
                reader.text("--webhook-host", given.webhookHost(), WEBHOOK_HOST).map(Reader::host),
                reader.port("--webhook-port", given.webhookPort(), WEBHOOK_PORT, DEFAULT_WEBHOOK_PORT),
                reader.text("--workload-webhook", given.workloadWebhook(), WORKLOAD_WEBHOOK)
                        .map(Reader::flag)
                        .orElse(true),
                reader.port("--http-port", given.httpPort(), HTTP_PORT, DEFAULT_HTTP_PORT),
                reader.kinds(given.workloadKinds()),
                reader.text("--leader-election", given.leaderElection(), LEADER_ELECTION)
                        .map(Reader::flag)
                        .orElse(true),
                new Installation(
                        reader.text("", null, OWN_NAMESPACE)
                                .map(Reader::label)
                                .or(() -> podNamespace)
                                .orElse(DEFAULT_NAMESPACE),
                        reader.text("", null, SERVICE).map(Reader::label).orElse(DEFAULT_SERVICE)));
    }

    /** A value and its source, for messages. */
    private record Value(String source, String text) {
        SettingsException bad(String expected) {
            return new SettingsException(source + " is \"" + text + "\"; expected " + expected);
        }
    }

    private record Reader(Map<String, String> environment) {
        /** Returns the option's value, otherwise the variable's. An empty variable counts as missing. */
        Optional<Value> text(String option, @Nullable String given, String variable) {
            if (given != null) {
                Value value = new Value(option, given.trim());
                if (value.text().isEmpty()) {
                    throw value.bad("a value");
                }
                return Optional.of(value);
            }
            String found = environment.getOrDefault(variable, "").trim();
            return found.isEmpty() ? Optional.empty() : Optional.of(new Value(variable, found));
        }

        Set<String> namespaces(List<String> given) {
            String joined = given.isEmpty() ? null : String.join(",", given);
            Optional<Value> value = text("--namespace", joined, NAMESPACES);
            Set<String> names = new LinkedHashSet<>();
            if (value.isPresent()) {
                for (String name : value.get().text().split(",", -1)) {
                    names.add(label(new Value(value.get().source(), name.trim())));
                }
            }
            return names;
        }

        WorkloadKinds kinds(List<String> given) {
            String joined = given.isEmpty() ? null : String.join(",", given);
            Optional<Value> value = text("--workload-kind", joined, WORKLOAD_KINDS);
            try {
                return value.map(all -> WorkloadKinds.parse(List.of(all.text().split("\\s*,\\s*", -1))))
                        .orElse(WorkloadKinds.BUILT_IN);
            } catch (IllegalArgumentException e) {
                throw new SettingsException(value.map(Value::source).orElse("") + ": " + e.getMessage());
            }
        }

        int port(String option, @Nullable String given, String variable, int otherwise) {
            return text(option, given, variable).map(Reader::port).orElse(otherwise);
        }

        static boolean flag(Value value) {
            return switch (value.text()) {
                case "true" -> true;
                case "false" -> false;
                default -> throw value.bad("true or false");
            };
        }

        static int port(Value value) {
            try {
                int port = Integer.parseInt(value.text());
                if (port >= 0 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // The exception below says it.
            }
            throw value.bad("a port from 0 to 65535, 0 for any free one");
        }

        static String label(Value value) {
            if (!LABEL.matcher(value.text()).matches()) {
                throw value.bad("a name of lower-case letters, digits and '-', at most 63 characters");
            }
            return value.text();
        }

        static String host(Value value) {
            if (!HOST.matcher(value.text()).matches()) {
                throw value.bad("a host name or an IP address, without scheme, port or path");
            }
            return value.text();
        }
    }
}
