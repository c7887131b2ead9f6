package io.sidecaroperator.cli.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that reads manifests: the files, and the namespace that they are meant for. */
final class InputOptions extends FileOptions {
    static final String DEFAULT_NAMESPACE = "default";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "The namespace of documents that name none, as you will tell kubectl (default: "
                    + DEFAULT_NAMESPACE + ").")
    private @Nullable String namespace;

    /** Returns the namespace of documents that do not name one. */
    String namespace() {
        return givenNamespace().orElse(DEFAULT_NAMESPACE);
    }

    /** Returns the namespace that the user typed; empty when the option was not given. */
    Optional<String> givenNamespace() {
        return Optional.ofNullable(namespace).filter(name -> !name.isEmpty());
    }
}
