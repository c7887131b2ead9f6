package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.cli.manifest.ManifestFiles;
import io.sidecaroperator.cli.manifest.Source;
import io.sidecaroperator.yaml.Document;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that name manifests, as in kubectl. */
class FileOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR",
            arity = "1..*",
            description =
                    "Files of YAML or JSON, in this order, and directories: their *.yaml, *.yml and *.json in"
                            + " the order of their names, but no kustomization.yaml. - is standard input, which is also read when nothing is named.")
    private List<String> names = List.of();

    @Option(
            names = {"-R", "--recursive"},
            description = "Look into the directories in directories, too.")
    private boolean recursive;

    /** Whether a source was named; standard input counts. */
    boolean isGiven() {
        return !names.isEmpty();
    }

    /** Whether to read directories in directories. */
    boolean recursive() {
        return recursive;
    }

    /**
     * Returns the named sources, with directories expanded to their files. Standard input when there is no name.
     *
     * @throws InputException when a source does not exist
     */
    List<Source> sources() {
        return names.isEmpty() ? List.of(Source.standardInput()) : Source.of(names, recursive);
    }

    /** The same, and tells a person at the keyboard that the command waits for input. */
    List<Source> sources(Console console) {
        List<Source> sources = sources();
        if (console.terminal().in() && sources.stream().anyMatch(Source::isStandardInput)) {
            Objects.requireNonNull(command)
                    .commandLine()
                    .getErr()
                    .println("reading documents from standard input; Ctrl-D ends them");
        }
        return sources;
    }

    /**
     * Returns all documents, for commands that need all of them at once.
     *
     * @throws InputException when there is no document, or one cannot be read
     */
    List<Document> documents(Console console, ManifestFiles files) {
        List<Source> sources = sources(console);
        List<Document> documents = files.read(sources);
        if (documents.isEmpty()) {
            throw noDocument(sources);
        }
        return documents;
    }

    /** Returns the exception for sources without a document. */
    static InputException noDocument(List<Source> sources) {
        return new InputException(
                sources.stream().map(Source::name).collect(Collectors.joining(", ")) + ": holds no document");
    }
}
