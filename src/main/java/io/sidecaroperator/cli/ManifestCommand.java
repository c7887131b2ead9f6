package io.sidecaroperator.cli;

import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.manifest.Documents;
import io.sidecaroperator.manifest.InputException;
import io.sidecaroperator.manifest.ManifestFiles;
import io.sidecaroperator.manifest.ManifestInjector;
import io.sidecaroperator.yaml.Document;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands over manifests share: where documents come from, and where result and report go. */
abstract class ManifestCommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private InputOptions input = new InputOptions();

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

    final ManifestInjector injector(KubernetesVersion server) {
        return new ManifestInjector(input.namespace(), server, kinds.kinds());
    }

    final KubernetesVersion version(String text) {
        return kinds.version(text);
    }

    final ManifestFiles manifestFiles() {
        return new ManifestFiles(console.in());
    }

    final InputOptions input() {
        return input;
    }

    final List<Document> documents(ManifestFiles reader) {
        return input.documents(console, reader);
    }

    /** Writes the result, then what there is to say about it. */
    final void finish(ManifestInjector.Result result) {
        try (OutputStream out = new BufferedOutputStream(console.out())) {
            Documents.write(result.documents(), out);
        } catch (IOException e) {
            throw new InputException("the result cannot be written: " + e.getMessage());
        }
        result.report().lines(quiet).forEach(err()::println);
        err().flush();
    }

    private PrintWriter err() {
        return commandSpec().commandLine().getErr();
    }

    private CommandSpec commandSpec() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it runs a command");
        }
        return spec;
    }
}
