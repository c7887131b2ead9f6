package io.sidecaroperator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/architecture.md is one page whose links lead to existing files, and each decision is one screen. */
class ArchitectureDocTest {
    private static final String FILE = "docs/architecture.md";
    private static final int PAGE = 200;
    private static final int WORDS = 15;

    private static final Path DECISIONS = Checkout.ROOT.resolve("docs/decisions");
    private static final int SCREEN = 45;

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern PATH = Pattern.compile("[\\w.-]+(/[\\w.-]+)+");
    private static final Pattern CLASS = Pattern.compile("[A-Z][A-Za-z]+");

    @Test
    void itIsOnePage() {
        assertThat(Checkout.read(FILE).lines()).hasSizeLessThanOrEqualTo(PAGE);
    }

    @Test
    void theGlossaryIsShort() {
        assertThat(rows("Words")).isNotEmpty().hasSizeLessThanOrEqualTo(WORDS);
    }

    @Test
    void whereToAddWhatNamesWhatIsThere() throws IOException {
        Set<String> classes = classes();
        List<String> named = rows("Where to add what").stream()
                .flatMap(row -> CODE.matcher(row).results())
                .map((MatchResult match) -> match.group(1))
                .toList();
        assertThat(named.stream().filter(CLASS.asMatchPredicate()))
                .as("classes that %s names", FILE)
                .isNotEmpty()
                .allMatch(classes::contains);
        assertThat(named.stream().filter(PATH.asMatchPredicate()).map(Checkout.ROOT::resolve))
                .as("paths that %s names", FILE)
                .isNotEmpty()
                .allMatch(Files::exists);
    }

    @Test
    void decisionsAreNumberedWithoutAGap() throws IOException {
        List<String> files = decisions();
        List<String> numbers = IntStream.rangeClosed(1, files.size())
                .mapToObj("%02d"::formatted)
                .toList();
        assertThat(files).isNotEmpty().allMatch(file -> file.matches("\\d{2}(-[a-z0-9]+)+\\.md"));
        assertThat(files).extracting(file -> file.substring(0, 2)).isEqualTo(numbers);
    }

    @Test
    void aDecisionIsOneScreenWithItsNumberAndItsReason() throws IOException {
        assertThat(decisions()).allSatisfy(file -> {
            List<String> lines = Files.readAllLines(DECISIONS.resolve(file));
            assertThat(lines).hasSizeLessThanOrEqualTo(SCREEN);
            assertThat(lines.get(0)).startsWith("# " + Integer.parseInt(file.substring(0, 2)) + ". ");
            assertThat(lines).contains("## Decision", "## Why", "## What else was possible");
        });
    }

    @Test
    void eachDecisionIsListedByItsTitle() throws IOException {
        List<String> listed = Files.readAllLines(DECISIONS.resolve("README.md")).stream()
                .filter(line -> line.matches("\\d+\\. .*"))
                .toList();
        assertThat(listed)
                .isEqualTo(decisions().stream().map(ArchitectureDocTest::entry).toList());
    }

    /** Returns the line that lists a decision. */
    private static String entry(String file) {
        String title = Checkout.read("docs/decisions/" + file)
                .lines()
                .findFirst()
                .orElseThrow()
                .substring("# ".length());
        int dot = title.indexOf(". ") + 2;
        return title.substring(0, dot) + "[" + title.substring(dot) + "](" + file + ")";
    }

    private static List<String> decisions() throws IOException {
        try (Stream<Path> files = Files.list(DECISIONS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("README.md"))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the rows of the table under a heading, without its header. */
    private static List<String> rows(String heading) {
        return Checkout.read(FILE)
                .lines()
                .dropWhile(line -> !line.equals("## " + heading))
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    private static Set<String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(Checkout.ROOT.resolve("src"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
