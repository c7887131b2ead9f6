package io.sidecaroperator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.cli.command.Console;
import io.sidecaroperator.cli.command.SidecarCommand;
import io.sidecaroperator.cli.command.Terminal;
import io.sidecaroperator.cli.demo.DemoCommand;
import io.sidecaroperator.operator.app.OperatorCommand;
import io.sidecaroperator.support.Checkout;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** docs/man/man1 has a page for each command for users, generated from {@code --help}. */
class ManPagesTest {
    private static final Path PAGES = Checkout.ROOT.resolve("docs/man/man1");
    private static final String UPDATE = "mvn test -Dtest=ManPagesTest -Dman.update";

    @TempDir
    private Path directory;

    @Test
    void thePagesAreTheHelp() throws IOException {
        Map<String, String> expected = generated();
        assertThat(expected).containsKeys("sidecar.1", "sidecar-inject.1").doesNotContainKey("sidecar-__complete.1");
        assertThat(expected.values())
                .allMatch(page -> page.toLowerCase(Locale.ROOT).contains("examples"));
        if (System.getProperty("man.update") != null) {
            Files.createDirectories(PAGES);
            for (String stale : committed().keySet()) {
                Files.delete(PAGES.resolve(stale));
            }
            for (Map.Entry<String, String> page : expected.entrySet()) {
                Files.writeString(PAGES.resolve(page.getKey()), page.getValue());
            }
        }
        assertThat(committed())
                .as("docs/man/man1 is not what --help says; bring it up to date with: %s", UPDATE)
                .isEqualTo(expected);
    }

    @Test
    void everyCommandShowsExamples() {
        assertThat(commandLine().getSubcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(command -> !command.usageMessage().hidden()))
                .allSatisfy(command -> assertThat(command.usageMessage().footer())
                        .as(command.name())
                        .contains("Examples:"));
    }

    private static Map<String, String> committed() throws IOException {
        Map<String, String> pages = new TreeMap<>();
        try (Stream<Path> files = Files.list(PAGES)) {
            for (Path file : files.toList()) {
                pages.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return pages;
    }

    private Map<String, String> generated() throws IOException {
        CommandLine root = commandLine();
        CommandSpec[] commands = Stream.concat(Stream.of(root), root.getSubcommands().values().stream())
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .peek(ManPagesTest::nameSections)
                .toArray(CommandSpec[]::new);
        int exitCode = ManPageGenerator.generateManPage(directory.toFile(), null, new boolean[0], true, commands);
        assertThat(exitCode).isZero();
        Map<String, String> pages = new TreeMap<>();
        try (Asciidoctor asciidoctor = Asciidoctor.Factory.create();
                Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(one -> !one.toString().contains("__")).sorted().toList()) {
                String name = file.getFileName().toString().replace(".adoc", ".1");
                pages.put(name, page(asciidoctor, file.toFile()));
            }
        }
        return pages;
    }

    /** Without a heading, the generator omits a footer. Headings of man pages have no colon. */
    private static void nameSections(CommandSpec command) {
        List<String> lines = Stream.of(command.usageMessage().footer())
                .dropWhile(String::isEmpty)
                .toList();
        assertThat(lines)
                .as("the command %s has no footer", command.qualifiedName())
                .isNotEmpty();
        boolean examples = lines.get(0).equals("Examples:");
        command.usageMessage()
                .exitCodeListHeading("Exit codes%n")
                .footerHeading(examples ? "Examples%n" : "Notes%n")
                .footer(lines.stream().skip(examples ? 1 : 0).toArray(String[]::new));
    }

    /** Returns the page without its date. */
    private static String page(Asciidoctor asciidoctor, File source) {
        File target = new File(source.getPath().replace(".adoc", ".1"));
        asciidoctor.convertFile(
                source,
                Options.builder()
                        .backend("manpage")
                        .safe(SafeMode.UNSAFE)
                        .toFile(target)
                        .attributes(Attributes.builder()
                                .attribute("reproducible")
                                .attribute("docdate", "")
                                .attribute("manmanual", "sidecar-operator")
                                .attribute("mansource", "sidecar-operator")
                                .build())
                        .build());
        try {
            return Files.readString(target.toPath())
                    .lines()
                    .map(String::stripTrailing)
                    .reduce("", (all, line) -> all + line + "\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static CommandLine commandLine() {
        Console nowhere =
                new Console(Map.of(), Terminal.NONE, InputStream.nullInputStream(), new ByteArrayOutputStream());
        return SidecarCommand.commandLine(nowhere, new DemoCommand(), new OperatorCommand());
    }
}
