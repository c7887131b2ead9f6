package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.ManifestFiles;
import io.sidecaroperator.cli.manifest.Source;
import io.sidecaroperator.yaml.Document;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that names policies apart from the manifests. */
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
     * What was named, directories as their files.
     *
     * @throws InputException when something is not there
     */
    List<Source> sources(boolean recursive) {
        return Source.of(names, recursive);
    }

    /** The documents of the policies; whether they are policies is for who compiles them to say. */
    List<Document> documents(ManifestFiles files, boolean recursive) {
        return files.read(sources(recursive));
    }
}
