package io.sidecaroperator.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cli.manifest.FunctionCall;
import io.sidecaroperator.cli.manifest.FunctionResults;
import io.sidecaroperator.cli.manifest.InPlace;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.cli.manifest.ManifestFiles;
import io.sidecaroperator.cli.manifest.ManifestInjector;
import io.sidecaroperator.cli.manifest.ManifestRun;
import io.sidecaroperator.cli.manifest.ManifestRun.ChangedDocument;
import io.sidecaroperator.cli.manifest.Manifests;
import io.sidecaroperator.cli.manifest.Report;
import io.sidecaroperator.cli.manifest.ResultWriter;
import io.sidecaroperator.cli.manifest.Source;
import io.sidecaroperator.cli.manifest.Spool;
import io.sidecaroperator.cli.manifest.SpooledReport;
import io.sidecaroperator.cli.manifest.Temporary;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.yaml.Document;
import io.sidecaroperator.yaml.InvalidYamlException;
import io.sidecaroperator.yaml.JsonWriter;
import io.sidecaroperator.yaml.YamlWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What the commands that change manifests share: where documents come from, and where result and report go. One
 * document is in memory at a time. The result is printed or written only after everything has succeeded.
 */
abstract class ManifestCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private InputOptions input = new InputOptions();

    @Mixin
    private ResultOptions result = new ResultOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "Say only what went wrong.")
    private boolean quiet;

    @Mixin
    private KindOptions kinds = new KindOptions();

    private final Console console;

    ManifestCommand(Console console) {
        this.console = console;
    }

    /** Begins a run over manifests. Messages go to the report. */
    abstract ManifestRun begin(Manifests manifests, ManifestFiles files, Report report);

    /** Begins a run over the objects of a KRM function's call. */
    abstract ManifestRun begin(FunctionCall call, ManifestFiles files, Report report);

    /** Whether a refusal, or a policy without effect, is a failure. */
    boolean strict() {
        return false;
    }

    private int exitCode(Report report) {
        return strict() && report.refused() ? ExitCode.REFUSED : ExitCode.DONE;
    }

    final ManifestInjector injector(KubernetesVersion server) {
        return injector(input.namespace(), server);
    }

    final ManifestInjector injector(String namespace, KubernetesVersion server) {
        return new ManifestInjector(namespace, server, kinds.kinds());
    }

    final KubernetesVersion version(String text) {
        return kinds.version(text);
    }

    final InputOptions input() {
        return input;
    }

    @Override
    public final Integer call() {
        if (result.contradicts()) {
            throw new ParameterException(
                    commandSpec().commandLine(), "--in-place writes files as they are: it goes with -o name only");
        }
        ManifestFiles files = new ManifestFiles(console.in());
        List<Source> sources = result.inPlace() ? sourcesInPlace() : input.sources(console);
        try (Manifests manifests = new Manifests(sources, files);
                SpooledReport report = new SpooledReport(quiet)) {
            Optional<FunctionCall> call = manifests.functionCall();
            if (call.isPresent()) {
                return answer(call.get(), files);
            }
            ManifestRun change = begin(manifests, files, report);
            int exitCode = result.inPlace() ? rewrite(manifests, change, report) : print(manifests, change, report);
            report.forEach(err()::println);
            err().flush();
            return exitCode;
        } catch (IOException e) {
            throw Temporary.failure(e);
        }
    }

    /** A caller of functions reads the response also after a failure, and people read standard error. */
    private int answer(FunctionCall call, ManifestFiles files) {
        if (result.names()) {
            throw new ParameterException(
                    commandSpec().commandLine(), "-o name: a ResourceList is answered by a ResourceList");
        }
        ObjectNode answer;
        int exitCode;
        try {
            FunctionResults results = new FunctionResults(
                    quiet,
                    strict() || call.setting("strict").filter("true"::equals).isPresent());
            answer = call.changed(begin(call, files, results), results);
            results.important().forEach(err()::println);
            exitCode = results.failed() ? ExitCode.REFUSED : ExitCode.DONE;
        } catch (InputException | InvalidYamlException e) {
            print(call.failed(String.valueOf(e.getMessage())));
            throw e;
        }
        print(answer);
        err().flush();
        return exitCode;
    }

    private void print(ObjectNode answer) {
        console.print(
                result.format() == ResultWriter.Format.json
                        ? JsonWriter.write(answer, JsonWriter.INDENT, "") + "\n"
                        : YamlWriter.write(answer));
    }

    private List<Source> sourcesInPlace() {
        if (!input.isGiven()) {
            throw new ParameterException(
                    commandSpec().commandLine(), "--in-place changes files: name them with --filename");
        }
        List<Source> sources = input.sources();
        InPlace.check(sources);
        return sources;
    }

    private int print(Manifests manifests, ManifestRun change, SpooledReport report) throws IOException {
        try (Spool spool = new Spool();
                Counted counted = new Counted(spool, result.format(), change)) {
            manifests.forEach(counted::add);
            counted.end(manifests.sources());
            console.print(spool);
            return exitCode(report);
        }
    }

    private int rewrite(Manifests manifests, ManifestRun change, SpooledReport report) throws IOException {
        try (Spool names = new Spool();
                Counted counted = new Counted(names, ResultWriter.Format.name, change);
                InPlace files = new InPlace()) {
            for (Source source : manifests.sources()) {
                files.rewrite(source, document -> counted.add(document).after());
            }
            counted.end(manifests.sources());
            int exitCode = exitCode(report);
            if (exitCode == ExitCode.DONE) {
                files.commit();
                if (result.names()) {
                    console.print(names);
                }
            }
            return exitCode;
        }
    }

    /** Changes documents one by one, writes them, and shows how many there were. */
    private final class Counted implements AutoCloseable {
        private final OutputStream out;
        private final ResultWriter writer;
        private final ManifestRun change;
        private final Progress progress = new Progress(console, err(), "documents");
        private boolean any;

        Counted(Spool spool, ResultWriter.Format format, ManifestRun change) {
            this.out = new BufferedOutputStream(spool, 1 << 16);
            this.writer = format.to(out);
            this.change = change;
        }

        ChangedDocument add(Document document) {
            any = true;
            ChangedDocument changed = change.of(document);
            try {
                writer.add(changed);
            } catch (IOException e) {
                throw Temporary.failure(e);
            }
            progress.step();
            return changed;
        }

        void end(List<Source> sources) throws IOException {
            if (!any) {
                throw FileOptions.noDocument(sources);
            }
            change.end();
            writer.end();
            progress.close();
        }

        @Override
        public void close() {
            progress.close();
        }
    }

    private PrintWriter err() {
        return commandSpec().commandLine().getErr();
    }

    private CommandSpec commandSpec() {
        return Objects.requireNonNull(spec, "picocli sets the spec before it runs a command");
    }
}
