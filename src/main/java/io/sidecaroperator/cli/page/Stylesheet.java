package io.sidecaroperator.cli.page;

import io.sidecaroperator.core.json.BundledText;

/** How the page looks: on wide and narrow screens, by day and by night, and on paper. */
final class Stylesheet {
    /** The hatching of what was added, for all drawings. */
    static final String PATTERN = "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
            + "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\""
            + " patternTransform=\"rotate(45)\"><rect class=\"stripe\" width=\"3\" height=\"6\"/></pattern></defs></svg>";

    /** The rules of {@code page.css}. */
    static final String TEXT = "\n" + BundledText.read("/page.css");

    private Stylesheet() {}
}
