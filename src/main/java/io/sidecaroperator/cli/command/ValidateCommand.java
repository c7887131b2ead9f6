package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.ManifestFiles;
import io.sidecaroperator.cli.manifest.PolicyFindings;
import io.sidecaroperator.cli.manifest.PolicyInspector;
import io.sidecaroperator.cli.manifest.Source;
import io.sidecaroperator.core.podsecurity.PodSecurityLevel;
import io.sidecaroperator.core.policy.validation.Severity;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks policy files, all at once. */
@Command(
        name = "validate",
        description = {
            "Checks policies as the API server would, and what only the engine knows, and says what each one costs: the"
                    + " requests it adds to a pod, and the strictest Pod Security level that takes it.",
            "",
            "Every finding of every file is told at once. Documents that are no policy are counted, and warned of when"
                    + " they were perhaps meant to be one. No cluster is asked.",
            "",
            "-o json prints one object: {\"policies\": [{file, document, line, policy, revision, podSecurity,"
                    + " addedRequests, findings: [...]}], \"findings\": [{file, document, line, object, severity, path,"
                    + " code, message}], \"unreadable\": [{file, line, message}], \"otherObjects\", \"errors\","
                    + " \"warnings\"}. -o github prints workflow commands, which GitHub shows at the line of the"
                    + " document.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every policy is fine.",
            "1:There are errors, or with --strict warnings.",
            "2:The options cannot be used, or a file cannot be read; what was found in the others is printed.",
            "70:A mistake of this program. Please report it."
        },
        footer = {
            "",
            "Examples:",
            "  All policies of a repository, for which warnings count, too:",
            "    ${COMMAND-FULL-NAME} -R -f policies --strict",
            "",
            "  In a workflow of GitHub, for namespaces that enforce baseline:",
            "    ${COMMAND-FULL-NAME} -R -f policies --pod-security baseline -o github"
        })
final class ValidateCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private FileOptions files = new FileOptions();

    @Option(names = "--strict", description = "End with exit code 1 when there are warnings, too.")
    private boolean strict;

    @Option(
            names = "--pod-security",
            paramLabel = "baseline|restricted",
            description = "The Pod Security level that must take what each policy adds.")
    private @Nullable String podSecurity;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|github",
            description = "How the result is written (default: text).")
    private Format format = Format.text;

    private final Console console;

    /** The formats of the result. */
    enum Format {
        text,
        json,
        github
    }

    ValidateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<PodSecurityLevel> demanded = level();
        List<Source> sources = files.sources(console);
        PolicyFindings findings = new PolicyInspector(new ManifestFiles(console.in()), demanded).inspect(sources);
        if (findings.policies().isEmpty()
                && findings.others() == 0
                && findings.unreadable().isEmpty()) {
            throw FileOptions.noDocument(sources);
        }
        console.print(
                switch (format) {
                    case text -> ValidateReport.text(findings, console.style());
                    case json -> ValidateReport.json(findings);
                    case github -> ValidateReport.github(findings);
                });
        if (!findings.unreadable().isEmpty()) {
            return ExitCode.BAD_INPUT;
        }
        boolean bad = findings.count(Severity.ERROR) > 0 || strict && findings.count(Severity.WARNING) > 0;
        return bad ? ExitCode.DIFFERENT : ExitCode.DONE;
    }

    private Optional<PodSecurityLevel> level() {
        return Optional.ofNullable(podSecurity)
                .map(text -> PodSecurityLevel.parse(text)
                        .filter(level -> level != PodSecurityLevel.PRIVILEGED)
                        .orElseThrow(() -> new ParameterException(
                                Objects.requireNonNull(spec).commandLine(),
                                "--pod-security: \"" + text + "\" demands nothing; expected baseline or restricted")));
    }
}
