package io.sidecaroperator.support;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A policy in a file. Its comment lines {@code # expect: PATH: MESSAGE} say what is wrong with it, and {@code # expect
 * without a server: PATH: MESSAGE} what the CRD alone does not find.
 *
 * @param name the path from the checkout's root
 */
public record PolicyFile(String name, ObjectNode policy, List<Expectation> expectations) {
    private static final Pattern EXPECT =
            Pattern.compile("(?m)^# expect(?<alone> without a server)?: (?<path>\\S+): (?<message>.+)$");

    /**
     * A field, and a part of the message about it.
     *
     * @param byServer whether the API server says so, too
     */
    public record Expectation(String path, String message, boolean byServer) {}

    /** Whether the CRD alone refuses the policy. */
    public boolean isRefusedByServer() {
        return expectations.stream().anyMatch(Expectation::byServer);
    }

    /** Returns policies that must be refused. */
    public static List<PolicyFile> invalid() {
        return in("src/test/resources/invalid-policies", ".yaml");
    }

    /** Returns policies that must be accepted, including the examples. */
    public static List<PolicyFile> valid() {
        return Stream.concat(
                        in("src/test/resources/valid-policies", ".yaml").stream(),
                        in("examples", "/policy.yaml").stream())
                .toList();
    }

    private static List<PolicyFile> in(String folder, String suffix) {
        Path root = Checkout.ROOT.resolve(folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.map(path -> Checkout.ROOT.relativize(path).toString())
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .flatMap(PolicyFile::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<PolicyFile> read(String name) {
        String text = Checkout.read(name);
        List<Expectation> expectations = EXPECT.matcher(text)
                .results()
                .map(match -> new Expectation(match.group(2), match.group(3), match.group(1) == null))
                .toList();
        return yaml(text).map(policy -> new PolicyFile(name, policy, expectations));
    }

    /** Returns the documents of a YAML text that are objects, as kubectl reads them. */
    public static Stream<ObjectNode> yaml(String text) {
        Stream.Builder<ObjectNode> objects = Stream.builder();
        new DocumentReader("test", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .forEachRemaining(document -> {
                    if (document.content() instanceof ObjectNode object) {
                        objects.add(object);
                    }
                });
        return objects.build();
    }

    @Override
    public String toString() {
        return name;
    }
}
