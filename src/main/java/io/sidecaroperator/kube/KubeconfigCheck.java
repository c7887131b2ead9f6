package io.sidecaroperator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds problems in a kubeconfig that the client would report later without the field: references to missing entries,
 * missing files and programs, and invalid addresses.
 */
final class KubeconfigCheck {
    private static final List<String> PROGRAM_ENDINGS = List.of("", ".exe", ".cmd", ".bat");

    private final Path file;
    private final JsonNode tree;
    private final Map<String, String> environment;

    KubeconfigCheck(Path file, JsonNode tree, Map<String, String> environment) {
        this.file = file;
        this.tree = tree;
        this.environment = environment;
    }

    /**
     * Follows a context to its cluster and its user.
     *
     * @param context the context to check; null for the current context of the file
     * @throws IllegalArgumentException with a sentence for a person
     */
    void check(@Nullable String context) {
        for (String list : List.of("clusters", "contexts", "users")) {
            checkEntries(list);
        }
        String chosen = context == null ? Json.textAt(tree, "current-context") : context;
        if (chosen == null || chosen.isEmpty()) {
            throw new IllegalArgumentException("kubeconfig " + file + " names no cluster: it has no current-context");
        }
        String where = "contexts \"" + chosen + "\"";
        ObjectNode entry = Json.named(tree, "contexts", chosen)
                .orElseThrow(() ->
                        new IllegalArgumentException("kubeconfig " + file + " has no context " + chosen + known()));
        ObjectNode links = Json.objectAt(entry, "context");
        if (links == null) {
            throw wrong(where + ": context is missing; expected an object with cluster and user");
        }
        checkCluster(target(where, links, "cluster")
                .orElseThrow(() -> wrong(where + ": cluster is missing; expected the name of an entry of clusters")));
        target(where, links, "user").ifPresent(this::checkUser);
    }

    private void checkEntries(String list) {
        JsonNode entries = tree.get(list);
        if (Json.isAbsent(entries)) {
            return;
        } else if (!entries.isArray()) {
            throw wrong(list + " is no list");
        }
        for (int i = 0; i < entries.size(); i++) {
            if (Json.textAt(entries.get(i), "name") == null) {
                throw wrong(list + "[" + i + "] is no object with a name");
            }
        }
    }

    private String known() {
        String names = String.join(
                ", ",
                Json.objects(tree, "contexts")
                        .map(context -> String.valueOf(Json.textAt(context, "name")))
                        .toList());
        return names.isEmpty() ? "" : "; it has " + names;
    }

    /** Returns the entry that a context refers to; empty when it refers to none. */
    private Optional<ObjectNode> target(String where, ObjectNode context, String kind) {
        String name = Json.textAt(context, kind);
        if (name == null || name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Json.named(tree, kind + "s", name)
                .orElseThrow(() -> wrong(
                        where + ": " + kind + " is \"" + name + "\", and " + kind + "s has no entry of this name")));
    }

    private void checkCluster(ObjectNode entry) {
        String where = "clusters \"" + Json.textAt(entry, "name") + "\": ";
        JsonNode cluster = entry.path("cluster");
        String server = Json.textAt(cluster, "server");
        if (server == null || !isAddress(server)) {
            throw wrong(where + "server is " + (server == null ? "missing" : "\"" + server + "\"")
                    + "; expected an address like https://10.0.0.1:6443");
        }
        checkFile(where, cluster, "certificate-authority", "certificate-authority-data");
    }

    private void checkUser(ObjectNode entry) {
        String where = "users \"" + Json.textAt(entry, "name") + "\": ";
        JsonNode user = entry.path("user");
        checkFile(where, user, "client-certificate", "client-certificate-data");
        checkFile(where, user, "client-key", "client-key-data");
        checkFile(where, user, "tokenFile", "token");
        ObjectNode exec = Json.objectAt(user, "exec");
        if (exec != null) {
            checkProgram(where, Json.textAt(exec, "command"));
        }
    }

    /** Checks that a file exists, unless the field for its content is set as well. */
    private void checkFile(String where, JsonNode parent, String field, String instead) {
        String name = Json.textAt(parent, field);
        String content = Json.textAt(parent, instead);
        if (name == null || name.isEmpty() || content != null && !content.isEmpty()) {
            return;
        }
        Path named = file.toAbsolutePath().resolveSibling(name);
        if (!Files.isRegularFile(named) || !Files.isReadable(named)) {
            throw wrong(where + field + ": there is no file " + named + " that can be read");
        }
    }

    private void checkProgram(String where, @Nullable String command) {
        if (command == null || command.isEmpty()) {
            throw wrong(where + "exec.command is missing; expected the program that logs in");
        }
        boolean path = command.indexOf('/') >= 0 || command.indexOf(File.separatorChar) >= 0;
        String directories = environment.getOrDefault("PATH", "");
        if (path ? !isProgram(file.toAbsolutePath().resolveSibling(command)) : !isOnPath(directories, command)) {
            throw wrong(where + "exec.command: there is no program " + command + (path ? "" : " on the PATH")
                    + "; install it, it logs you in to the cluster");
        }
    }

    /** Without a PATH, the check cannot say that a program is missing. */
    private static boolean isOnPath(String directories, String command) {
        return directories.isEmpty()
                || Stream.of(directories.split(File.pathSeparator, -1))
                        .anyMatch(directory -> isProgram(Path.of(directory, command)));
    }

    private static boolean isProgram(Path program) {
        return PROGRAM_ENDINGS.stream().anyMatch(ending -> Files.isExecutable(Path.of(program + ending)));
    }

    /** Without a scheme, the client would try HTTPS, and then send the credentials over plain HTTP. */
    private static boolean isAddress(String server) {
        try {
            URI uri = new URI(server);
            return uri.getRawAuthority() != null && List.of("http", "https").contains(uri.getScheme());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("kubeconfig " + file + ": " + what);
    }
}
