package io.sidecaroperator.cli.manifest;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where documents are read from: a file, or standard input.
 *
 * @param name its name in messages
 * @param path the file; null for standard input
 */
public record Source(String name, @Nullable Path path) {
    /** What the user types for standard input. */
    public static final String STANDARD_INPUT = "-";

    private static final Set<String> ENDINGS = Set.of("yaml", "yml", "json");

    /** Files for kustomize. They are among manifests but are not manifests. */
    private static final Set<String> KUSTOMIZATIONS = Set.of("kustomization.yaml", "kustomization.yml");

    /** Returns standard input. */
    public static Source standardInput() {
        return new Source("standard input", null);
    }

    public boolean isStandardInput() {
        return path == null;
    }

    /** Returns the file. Fails for standard input. */
    public Path file() {
        return Objects.requireNonNull(path, "standard input is no file");
    }

    /** Whether the name says that the file is JSON. */
    public boolean isJson() {
        return name.toLowerCase(Locale.ROOT).endsWith(".json");
    }

    /**
     * Returns the sources that the user named, in that order: files; directories as their *.yaml, *.yml and *.json
     * files (without kustomizations) in the order of their names; {@code -} once.
     *
     * @param recursive whether to read directories in directories; as in kubectl, links to directories are not followed
     * @throws InputException when a source does not exist, or is a directory without such files
     */
    public static List<Source> of(List<String> names, boolean recursive) {
        List<Source> sources = new ArrayList<>();
        for (String name : names) {
            if (!name.equals(STANDARD_INPUT)) {
                sources.addAll(named(name, recursive));
            } else if (sources.stream().anyMatch(Source::isStandardInput)) {
                throw new InputException("-: standard input can be read only once");
            } else {
                sources.add(standardInput());
            }
        }
        return sources;
    }

    private static List<Source> named(String name, boolean recursive) {
        if (name.startsWith("https://") || name.startsWith("http://")) {
            throw new InputException(
                    name + ": is an address, and nothing is fetched; pipe it in, as in curl -sSf URL | ... -f -");
        }
        Path path = pathOf(name);
        if (!Files.isDirectory(path)) {
            if (!Files.exists(path)) {
                throw new InputException(name + ": there is no such file");
            }
            return List.of(new Source(name, path));
        }
        List<Source> found = new ArrayList<>();
        boolean deeper = collect(path, recursive, found);
        if (found.isEmpty()) {
            throw new InputException(name + ": this directory holds no file that ends in .yaml, .yml or .json"
                    + (deeper && !recursive ? "; --recursive looks into the directories in it" : ""));
        }
        return found;
    }

    /** Adds the files of a directory. Returns whether it has directories. */
    private static boolean collect(Path directory, boolean recursive, List<Source> found) {
        boolean deeper = false;
        for (Path entry : entries(directory)) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                deeper = true;
                if (recursive) {
                    collect(entry, true, found);
                }
            } else if (isManifest(entry) && !Files.isDirectory(entry)) {
                found.add(new Source(entry.toString(), entry));
            }
        }
        return deeper;
    }

    private static List<Path> entries(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            throw new InputException(directory + ": this directory may not be read");
        }
        entries.sort(Comparator.comparing(entry -> String.valueOf(entry.getFileName())));
        return entries;
    }

    private static boolean isManifest(Path file) {
        String name = String.valueOf(file.getFileName());
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1))
                && name.indexOf('.') >= 0
                && !KUSTOMIZATIONS.contains(name);
    }

    private static Path pathOf(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new InputException(name + ": is no file name");
        }
    }
}
