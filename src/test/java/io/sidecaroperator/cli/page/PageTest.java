package io.sidecaroperator.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.injection.Check;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a page says. A browser checks how it looks. */
class PageTest {
    @Test
    void theAnswerComesFirst() {
        assertThat(Page.of(PageModels.mixed()))
                .contains("<h1><span class=\"id\">StatefulSet shop/orders</span></h1>")
                .contains("1 of 3 policies is injected; shop/metrics is refused (ContainerNameTaken); mesh is held back"
                        + " (Paused).")
                .contains("The pod gets 1 container, 1 volume, 2 mounts and 2 environment variables.");
    }

    @Test
    void everyPolicyTellsWhyAndWhatToDo() {
        assertThat(Page.of(PageModels.mixed()))
                .contains("<b>What to do: </b>Remove rollout.paused from the policy when its change may go on.")
                .contains("Checks: " + Check.ContainerNames.ordinal() + " passed, then ContainerNames decided")
                .contains("<code>container proxy, after exporter</code>")
                .contains("1 policy for others")
                .contains("workloads.kinds wants CronJob, but it is a StatefulSet");
    }

    @Test
    void theDrawingIsThereInWords() {
        assertThat(Page.of(PageModels.mixed()))
                .contains("<li>mounts app-logs at /var/log/app, <strong>added by policy 2</strong></li>")
                .contains("<li>mounts data at /var/lib/orders</li>")
                .contains("<code>data</code>: claim template, <span>the workload&#39;s own</span>");
    }

    @Test
    void wavesAreThoseOfTheGate() {
        assertThat(Page.of(PageModels.example("careful-rollout")))
                .contains("3 workloads change in 2 waves, at most 50% of the policy&#39;s workloads at a time.")
                .containsSubsequence("Wave 1", "Deployment checkout-canary", "Wave 2", "Deployment search");
    }

    @Test
    void textsOfTheInputStayTexts() {
        String page = Page.of(PageModels.hostile());

        assertThat(page)
                .contains(
                        "&lt;/script&gt;&lt;/style&gt;&lt;/title&gt;&lt;img src=x onerror=&quot;window.pwned=1&quot;&gt;")
                .doesNotContain("<script", "<img", "\u202e", "\u0007");
        assertThat(page.split("</style>", -1)).hasSize(2);
        assertThat(page.split("</title>", -1).length - page.split("<title", -1).length)
                .isZero();
    }

    @Test
    void aPageNeedsNothingElse() {
        String page = Page.of(PageModels.mixed());

        assertThat(page).doesNotContain(" src=", "@import", "http://", "https://", "style=\"");
        assertThat(page.replace("url(#hatch)", "")).doesNotContain("url(");
        assertThat(page).contains("default-src &#39;none&#39;; style-src &#39;sha256-");
    }

    @Test
    void manyWorkloadsAreFoldedBehindAnIndex() {
        String page = Page.of(PageModels.many(200));

        assertThat(page)
                .contains("200 workloads of namespace shop")
                .contains("196 of 200 workloads have a policy injected; at 4 a policy is skipped.")
                .contains("<a href=\"#w200-top\"")
                .contains("id=\"w200-top\"")
                .doesNotContain("<details class=\"chapter\" open");
        assertThat(page.length()).isLessThan(4_000_000);
    }

    @Test
    void thePictureOfTheDocumentationIsThere() {
        assertThat(Checkout.ROOT.resolve("docs/images/explain.png")).isRegularFile();
        assertThat(Checkout.ROOT.resolve("docs/images/explain.png").toFile().length())
                .isLessThan(200_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "short                        | 10 | 2 | short",
                "/var/log/app, read-only      | 14 | 2 | /var/log/app,;read-only",
                "registry.example/exporter:0.9| 26 | 2 | registry.example/exporter:;0.9"
            })
    void longTextsAreBrokenAndThenCut(String text, int cells, int max, String lines) {
        assertThat(Wrap.lines(text, cells, max))
                .hasSizeLessThanOrEqualTo(max)
                .allMatch(line -> Wrap.width(line) <= cells);
        assertThat(Wrap.lines(text, cells, max)).containsExactly(lines.split(";"));
    }

    @Test
    void whatIsTooLongKeepsItsEnds() {
        assertThat(Wrap.lines("abcdefghijklmnopqrst", 6, 2))
                .hasSize(2)
                .allMatch(line -> Wrap.width(line) <= 6)
                .satisfies(lines -> assertThat(String.join("", lines)).matches("abc.*….*st"));
    }

    @Test
    void wideLettersTakeTwoCells() {
        assertThat(Wrap.lines("\u6f22".repeat(50), 10, 2)).hasSize(2).allMatch(line -> Wrap.width(line) <= 10);
    }

    @Test
    void resourcesAreRanges() {
        JsonNode resources = Json.parse(
                "{\"requests\":{\"cpu\":\"1\",\"memory\":\"2Gi\"},\"limits\":{\"memory\":\"4Gi\",\"gpu\":1}}");

        assertThat(Amounts.of(resources)).isEqualTo("cpu 1, memory 2Gi to 4Gi, gpu up to 1");
    }
}
