package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.ManifestFiles;
import io.sidecaroperator.cli.manifest.Source;
import io.sidecaroperator.yaml.Document;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that names policies besides the manifests. */
final class PolicyOptions {
    @Option(
            names = {"-p", "--policy"},
            paramLabel = "FILE|DIR",
            arity = "1..*",
            description = "Files of policies that are not to be in the result, and directories of them.")
    private List<String> names = List.of();

    boolean isGiven() {
        return !names.isEmpty();
    }

    /**
     * Returns the named sources, with directories expanded to their files.
     *
     * @throws InputException when a source does not exist
     */
    List<Source> sources(boolean recursive) {
        return Source.of(names, recursive);
    }

    /** Returns the documents of the policies. The caller that compiles them checks whether they are policies. */
    List<Document> documents(ManifestFiles files, boolean recursive) {
        return files.read(sources(recursive));
    }
}
