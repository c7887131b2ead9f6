package io.sidecaroperator.cli.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that looks at manifests: which, and which namespace they are meant for. */
final class InputOptions extends FileOptions {
    static final String DEFAULT_NAMESPACE = "default";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "The namespace of documents that name none, as you will tell kubectl (default: "
                    + DEFAULT_NAMESPACE + ").")
    private @Nullable String namespace;

    /** Where documents belong that name no namespace. */
    String namespace() {
        return givenNamespace().orElse(DEFAULT_NAMESPACE);
    }

    /** What the user wrote, if anything. */
    Optional<String> givenNamespace() {
        return Optional.ofNullable(namespace).filter(name -> !name.isEmpty());
    }
}
