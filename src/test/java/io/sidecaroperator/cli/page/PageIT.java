package io.sidecaroperator.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page in a real browser: nothing overlaps, everything is readable, no script runs and no request is sent. With
 * {@code -Dpage.screenshot=docs/images/explain.png} the test updates the picture of the documentation.
 */
class PageIT {
    private static final Path WORK = Checkout.ROOT.resolve("target/page");
    private static final Pattern VERDICT = Pattern.compile("<pre id=\"verdict\">([^<]*)</pre>");
    private static final String NO_POLICY = "http-equiv=\"nothing\"";

    @BeforeAll
    static void needsABrowser() throws IOException {
        if (Browser.find().isEmpty()) {
            String why = "PageIT is skipped: there is no browser on the PATH; install the package chromium";
            System.out.println(why);
            Assumptions.abort(why);
        }
        Files.createDirectories(WORK);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"light, 1", "dark, 0"})
    @DisplayName("every page is readable at every width")
    void canBeRead(String name, String scheme) throws Exception {
        // Given
        Map<String, String> pages = pages();

        // When
        JsonNode result = assessed(pages, "judge-" + name, scheme);

        // Then
        assertThat(result.path("night").asBoolean()).isEqualTo(name.equals("dark"));
        assertThat(result.path("verdicts")).hasSize(pages.size() * (name.equals("dark") ? 1 : 2));
        assertThat(findings(result)).isEmpty();
    }

    @Test
    @DisplayName("the check finds what is wrong with a page")
    void theJudgeIsNoRubberStamp() throws Exception {
        // Given
        String broken = Page.of(PageModels.mixed())
                .replace("--dim: #565f68", "--dim: #b8bcc0")
                .replace("<h2", "<h4")
                .replaceFirst("role=\"img\" aria-labelledby=\"[^\"]*\"", "role=\"img\"")
                .replaceFirst("(<text class=\"name\" x=\")\\d+", "$1300")
                .replaceFirst("(<text class=\"line\" x=\"\\d+\" y=\")\\d+", "$169")
                .replaceFirst("</h1>", "</h1><img src=x onerror=\"window.pwned=1\"><pre>" + "x".repeat(400) + "</pre>");

        // When
        JsonNode result = assessed(Map.of("broken", broken), "judge-broken", "1");

        // Then
        assertThat(String.join("\n", findings(result)))
                .contains("contrast", "skips a level", "a drawing without a name", "out of its box", "overlaps")
                .contains("was run as a script", "an element that nobody wrote", "wider than the window", "axe ");
    }

    @Test
    @DisplayName("the page runs no script, sends no request and causes no complaint in the console")
    void isQuiet() throws Exception {
        // Given
        Path page = WORK.resolve("hostile.html");
        Path log = WORK.resolve("network.json");
        Files.writeString(page, Page.of(PageModels.hostile()));

        // When
        Browser.Run run = browser().open(page, "--dump-dom", "--virtual-time-budget=2000", "--log-net-log=" + log);

        // Then
        assertThat(run.out())
                .contains("The pod, before and after")
                .doesNotContain("<script")
                .doesNotContain("<img");
        assertThat(run.console()).isEmpty();
        assertThat(requestsOfPages(log)).isEmpty();
    }

    @Test
    @DisplayName("the picture of the documentation is small")
    void picture() throws Exception {
        // Given
        Optional<String> kept = Optional.ofNullable(System.getProperty("page.screenshot"));
        Path picture = kept.map(Checkout.ROOT::resolve).orElse(WORK.resolve("explain.png"));
        Path page = WORK.resolve("explain.html");
        Files.createDirectories(picture.toAbsolutePath().getParent());
        Files.deleteIfExists(picture);
        Files.writeString(page, Page.of(PageModels.example("logs-fluent-bit")));

        // When
        browser()
                .open(
                        page,
                        "--screenshot=" + picture.toAbsolutePath(),
                        "--window-size=1000,1340",
                        "--blink-settings=preferredColorScheme=1");

        // Then
        assertThat(Files.size(picture)).isBetween(20_000L, 200_000L);
    }

    private static JsonNode assessed(Map<String, String> pages, String name, String scheme)
            throws IOException, InterruptedException {
        Browser.Run run = browser()
                .open(
                        harness(pages, name + ".html"),
                        "--dump-dom",
                        "--virtual-time-budget=60000",
                        "--window-size=1400,1000",
                        "--blink-settings=preferredColorScheme=" + scheme);
        Matcher matcher = VERDICT.matcher(run.out());
        assertThat(matcher.find()).as(run.err()).isTrue();
        JsonNode result = Json.parse(new String(Base64.getDecoder().decode(matcher.group(1)), StandardCharsets.UTF_8));
        assertThat(result.path("error").asText()).as(run.err()).isEmpty();
        return result;
    }

    private static List<String> findings(JsonNode result) {
        List<String> findings = new ArrayList<>();
        result.path("verdicts")
                .forEach(verdict -> verdict.path("findings")
                        .forEach(finding -> findings.add(verdict.path("page").asText() + " at "
                                + verdict.path("width").asText() + ": " + finding.asText())));
        return findings;
    }

    /** Returns the network requests of pages. Requests of the browser itself do not have a page as their origin. */
    private static List<String> requestsOfPages(Path log) throws IOException {
        List<String> events = Files.readAllLines(log);
        assertThat(events).anyMatch(event -> event.contains("\"events\""));
        return events.stream()
                .filter(event -> event.contains("\"initiator\":") && event.contains("\"url\":\"http"))
                .filter(event -> !event.contains("\"initiator\":\"not an origin\""))
                .toList();
    }

    private static Browser browser() {
        return new Browser(Browser.find().orElseThrow(), WORK);
    }

    private static Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("example", Page.of(PageModels.example("logs-fluent-bit")));
        pages.put("careful", Page.of(PageModels.example("careful-rollout")));
        pages.put("mixed", Page.of(PageModels.mixed()));
        pages.put("hostile", Page.of(PageModels.hostile()));
        pages.put("large", Page.of(PageModels.large()));
        pages.put("many", Page.of(PageModels.many(200)));
        return pages;
    }

    /**
     * A page that contains copies of all pages, without the content security policy that would stop hostile scripts.
     */
    private static Path harness(Map<String, String> pages, String name) throws IOException {
        ArrayNode copies = Json.array();
        pages.forEach((page, html) -> {
            String copy = html.replace("http-equiv=\"Content-Security-Policy\"", NO_POLICY);
            assertThat(copy).contains(NO_POLICY);
            copies.addObject().put("name", page).put("html", copy).put("unfold", !page.equals("many"));
        });
        Path file = WORK.resolve(name);
        Files.writeString(file, """
                <!doctype html>
                <meta name="color-scheme" content="light dark">
                <title>Pages to judge</title>
                <script>%s</script>
                <body><pre id="verdict"></pre>
                <script>
                const decoded = text => new TextDecoder().decode(Uint8Array.from(atob(text), c => c.charCodeAt(0)));
                const told = result => document.getElementById('verdict').textContent =
                    btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(result))));
                judgeAll(JSON.parse(decoded('%s')), decoded('%s')).then(told, error => told({error: error.stack}));
                </script>
                """.formatted(
                        resource("/page/judge.js"),
                        base64(Json.text(copies)),
                        base64(resource("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"))));
        return file;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = PageIT.class.getResourceAsStream(name)) {
            assertThat(stream).as(name).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
