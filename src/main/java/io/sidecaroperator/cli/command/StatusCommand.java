package io.sidecaroperator.cli.command;

import io.fabric8.kubernetes.client.Config;
import io.sidecaroperator.cli.cluster.ClusterApi;
import io.sidecaroperator.cli.cluster.ObservedPolicy;
import io.sidecaroperator.cli.cluster.ObservedWorkload;
import io.sidecaroperator.cli.cluster.StatusReader;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.validation.TextPattern;
import io.sidecaroperator.core.workload.WorkloadName;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the state of the policies of a cluster, and the workloads that are not simply injected. */
@Command(
        name = "status",
        description = {
            "Shows how far the policies of a cluster have come, and which workloads are not simply injected.",
            "",
            "The numbers are those of the policies' status; what is said about a workload is what its own receipt and"
                    + " rollout record say. The cluster is only read.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:It is shown; with --until-ready: all are Ready.",
            "1:With --until-ready: a policy is Stalled, or not Ready in time. Without: something could not be read.",
            "2:The options or the cluster cannot be used, or there is no such policy or workload.",
            "70:A mistake of this program. Please report it."
        },
        footer = {
            "",
            "Examples:",
            "  How do all policies stand?",
            "    ${COMMAND-FULL-NAME}",
            "",
            "  Follow one rollout, and fail when it fails:",
            "    ${COMMAND-FULL-NAME} -n shop logs --watch --until-ready --timeout 10m",
            "",
            "  What does this workload carry?",
            "    ${COMMAND-FULL-NAME} -n shop deployment/web"
        })
final class StatusCommand implements Callable<Integer> {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h)");

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "POLICY|KIND/NAME",
            arity = "0..1",
            description = "One policy (logs, or shop/logs), or one workload (deployment/web).")
    private @Nullable String target;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Look at this namespace only; may be repeated (default: all; for one policy or workload, the"
                    + " context's).")
    private List<String> namespaces = List.of();

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Look at all namespaces: the default, as kubectl writes it.")
    private boolean allNamespaces;

    @Mixin
    private ClusterOptions where = new ClusterOptions();

    @Mixin
    private KindOptions kinds = new KindOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|wide|json",
            description =
                    "table: policies, then workloads. wide: with proven and failed revisions. json: for programs.")
    private Format format = Format.table;

    @Option(
            names = {"-w", "--watch"},
            description = "Go on until Ctrl-C: redraws on a terminal, else a line for each change of a policy.")
    private boolean watch;

    @Option(names = "--until-ready", description = "Watch until all that is shown is Ready, or a policy is Stalled.")
    private boolean untilReady;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Watch no longer than this, as in 90s, 10m or 1h (default: no limit).")
    private @Nullable String timeout;

    private final Console console;
    private final Clock clock = Clock.system(ZoneOffset.UTC);

    /** The formats of the result. */
    enum Format {
        table,
        wide,
        json
    }

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        checkOptions();
        checkNames();
        Config config = where.connection(console.environment()).config();
        try (ClusterApi api = new ClusterApi(config)) {
            StatusReader reader =
                    new StatusReader(api, new StatusReader.Where(namespaces, where.operatorNamespace()), kinds.kinds());
            Optional<WorkloadName> workload = workload();
            if (workload.isPresent()) {
                return workload(reader, workload.get(), home(config));
            } else if (watch || untilReady) {
                return new StatusWatch(console, clock, time -> Thread.sleep(time.toMillis()))
                        .run(source(reader, home(config)), new StatusWatch.End(untilReady, duration()));
            }
            return show(reader, home(config));
        }
    }

    private StatusWatch.Source source(StatusReader reader, String home) {
        return new StatusWatch.Source() {
            @Override
            public List<ObservedPolicy> policies() {
                return StatusCommand.this.policies(reader, home);
            }

            @Override
            public List<String> doubts(List<ObservedPolicy> ready) {
                try {
                    return reader.doubts(ready, reader.workloads(), clock);
                } catch (InputException e) {
                    // A user who may read only policies has to rely on their status.
                    return List.of();
                }
            }
        };
    }

    private int show(StatusReader reader, String home) {
        List<ObservedPolicy> policies = policies(reader, home);
        List<ObservedWorkload> workloads = reader.workloads();
        List<StatusRow> rows = StatusRow.of(policies, workloads);
        if (format == Format.json) {
            console.print(StatusJsonText.of(policies, rows));
        } else if (policies.isEmpty()) {
            console.print(
                    namespaces.isEmpty()
                            ? "there is no policy in this cluster\n"
                            : "there is no policy in namespace " + String.join(", ", namespaces)
                                    + ", and no cluster policy\n");
        } else {
            console.print(StatusText.policies(policies, format == Format.wide, clock.instant(), console.style())
                    + StatusText.workloads(rows));
        }
        reader.doubts(policies, workloads, clock).forEach(err()::println);
        return tellUnread(reader);
    }

    private int workload(StatusReader reader, WorkloadName workload, String home) {
        if (watch || untilReady || format != Format.table) {
            throw usage("one workload is shown once and as text: --watch, --until-ready and -o are for policies");
        }
        Optional<ObservedWorkload> found = reader.workload(workload, home);
        WorkloadRef ref =
                new WorkloadRef(workload.kind().group(), workload.kind().kind(), home, workload.name());
        List<StatusRow> rows = StatusRow.of(reader.policies(), found.stream().toList()).stream()
                .filter(row -> row.kind().equals(ref.kind())
                        && row.namespace().equals(home)
                        && row.name().equals(ref.name()))
                .toList();
        console.print(StatusText.workload(ref.toString(), found, rows, clock.instant()));
        return tellUnread(reader);
    }

    private int tellUnread(StatusReader reader) {
        reader.warnings().forEach(err()::println);
        err().flush();
        return reader.warnings().isEmpty() ? ExitCode.DONE : ExitCode.DIFFERENT;
    }

    /** Returns all policies that were asked for, or the one that was named. */
    private List<ObservedPolicy> policies(StatusReader reader, String home) {
        if (target == null) {
            return reader.policies();
        }
        PolicyKey named = PolicyKey.parse(target);
        return List.of(Optional.of(named)
                .filter(key -> !key.namespace().isEmpty())
                .flatMap(reader::policy)
                .or(() -> reader.policy(new PolicyKey(home, named.name())))
                .or(() -> reader.policy(new PolicyKey("", named.name())))
                .orElseThrow(() -> new InputException("there is no policy " + target
                        + (named.namespace().isEmpty() ? " in namespace " + home + ", and no cluster policy" : ""))));
    }

    private Optional<WorkloadName> workload() {
        return target == null || target.indexOf('/') < 0 ? Optional.empty() : WorkloadName.parse(target, kinds.kinds());
    }

    private String home(Config config) {
        String own = config.getNamespace();
        return !namespaces.isEmpty() ? namespaces.get(0) : own == null || own.isEmpty() ? "default" : own;
    }

    private void checkOptions() {
        if (allNamespaces && !namespaces.isEmpty()) {
            throw usage("--all-namespaces and --namespace contradict each other");
        } else if ((watch || untilReady) && format == Format.json) {
            throw usage("--watch draws for people; ask again and again for -o json");
        } else if (timeout != null && !watch && !untilReady) {
            throw usage("--timeout is for --watch and --until-ready");
        }
        duration();
    }

    private void checkNames() {
        ClusterNames.checkNamespaces(namespaces);
        if (target != null && workload().isEmpty()) {
            PolicyKey named = PolicyKey.parse(target);
            if (!named.namespace().isEmpty()) {
                ClusterNames.check("the namespace of " + target, named.namespace(), TextPattern.DNS_LABEL);
            }
            ClusterNames.check("POLICY", named.name(), TextPattern.DNS_SUBDOMAIN);
        }
        workload().ifPresent(ClusterNames::checkWorkload);
    }

    private @Nullable Duration duration() {
        if (timeout == null) {
            return null;
        }
        Matcher matcher = DURATION.matcher(timeout);
        if (!matcher.matches()) {
            throw usage("--timeout: \"" + timeout + "\" is no duration; expected one like 90s, 10m or 1h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
