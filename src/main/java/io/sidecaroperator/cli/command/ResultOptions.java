package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.ResultWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for the destination and the format of changed manifests. */
final class ResultOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "yaml|json|name",
            description = "json: one document as it is, several as the items of a List. name: only what is changed, as"
                    + " in deployment.apps/web, a line each (default: yaml).")
    private ResultWriter.@Nullable Format format;

    @Option(
            names = "--in-place",
            description = "Change the files of --filename instead of printing. Documents that do not change, and the"
                    + " text between documents, stay to the byte; a document that changes is written anew, without the"
                    + " comments in it. Nothing is written when anything fails in any file.")
    private boolean inPlace;

    ResultWriter.Format format() {
        return format == null ? ResultWriter.Format.yaml : format;
    }

    boolean inPlace() {
        return inPlace;
    }

    /** Whether a format was given although the result is not printed. */
    boolean contradicts() {
        return inPlace && format != null && format != ResultWriter.Format.name;
    }

    /** Whether to print the names of changed objects; the rest may go to files. */
    boolean names() {
        return format == ResultWriter.Format.name;
    }
}
