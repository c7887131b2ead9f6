package io.sidecaroperator.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Answers kubectl's completion of {@code kubectl sidecar}: one line for each word that can be the last argument, then a
 * directive for other completions (KEP-2379, "Shell Completion Support").
 */
@Command(
        name = "__complete",
        hidden = true,
        description = "Answers kubectl's completion; its last argument is the word to complete.")
final class CompleteCommand implements Callable<Integer> {
    /** Cobra's ShellCompDirectiveDefault: the names of files. */
    private static final String FILES = ":0";
    /** Cobra's ShellCompDirectiveNoFileComp. */
    private static final String NOTHING_ELSE = ":4";

    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    CompleteCommand(Console console) {
        this.console = console;
    }

    /**
     * Returns the command. It accepts any arguments, because the options are those of the command that it completes.
     */
    CommandLine commandLine() {
        return new CommandLine(this).setUnmatchedArgumentsAllowed(true);
    }

    @Override
    public Integer call() {
        CommandSpec root = Objects.requireNonNull(spec).root();
        List<String> original = root.commandLine().getParseResult().originalArgs();
        String[] typed = original.subList(1, original.size()).toArray(String[]::new);
        StringBuilder answer = new StringBuilder();
        if (typed.length > 0) {
            String last = typed[typed.length - 1];
            List<CharSequence> found = new ArrayList<>();
            AutoComplete.complete(root, typed, typed.length - 1, last.length(), 0, found);
            found.stream()
                    .map(rest -> last + rest)
                    .filter(word -> !word.startsWith("__"))
                    .sorted()
                    .distinct()
                    .forEach(word -> answer.append(word).append('\n'));
        }
        console.print(answer + (answer.isEmpty() ? FILES : NOTHING_ELSE) + "\n");
        return ExitCode.DONE;
    }
}
