package io.sidecaroperator.cli.command;

import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.core.workload.WorkloadName;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Puts names of workloads before the options. So {@code --policy logs.yaml deployment/web} is one file and one
 * workload, although {@code --policy} takes all files to which a shell expands {@code policies/*}.
 */
final class NamesFirst implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli hands over a Stack
    public boolean preprocess(
            Stack<String> arguments, CommandSpec command, @Nullable ArgSpec option, Map<String, Object> info) {
        List<String> names = new ArrayList<>();
        for (int i = arguments.size() - 1; i >= 0; i--) {
            String argument = arguments.get(i);
            boolean value = i + 1 < arguments.size() && takesOne(command, arguments.get(i + 1));
            if (!value && WorkloadName.parse(argument, WorkloadKinds.BUILT_IN).isPresent() && !isFile(argument)) {
                names.add(argument);
                arguments.remove(i);
            }
        }
        for (int i = names.size() - 1; i >= 0; i--) {
            arguments.push(names.get(i));
        }
        return false;
    }

    /** Whether the next argument belongs to this one, whatever it looks like. */
    private static boolean takesOne(CommandSpec command, String argument) {
        OptionSpec option = command.optionsMap().get(argument);
        return option != null && option.arity().min() > 0;
    }

    private static boolean isFile(String argument) {
        try {
            return Files.exists(Path.of(argument));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
