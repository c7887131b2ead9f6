package io.sidecaroperator.cli.page;

import io.sidecaroperator.cli.page.Pod.Container;
import io.sidecaroperator.cli.page.Pod.Line;
import io.sidecaroperator.cli.page.Pod.Volume;
import java.util.List;

/**
 * Draws a pod: its containers below each other, then its volumes. At the right, a line for each volume leads past its
 * mounts. The font has a fixed width, so everything can be placed without a browser.
 */
final class Drawing {
    private static final int CELLS = 34;
    private static final int CELL = 8;
    private static final int LINE = 19;
    private static final int INSET = 20;
    private static final int BOX = CELLS * CELL + 2 * INSET;
    private static final int EDGE = 16;
    private static final int GAP = 12;
    private static final int PIECES = 2;
    private static final int WIDE = 440;

    private final Html body = new Html();
    private final Pod pod;
    private final Edges edges;
    private int y = EDGE;

    private Drawing(Pod pod, List<String> mounted) {
        this.pod = pod;
        this.edges = new Edges(mounted, EDGE + BOX);
    }

    /**
     * Draws a pod.
     *
     * @param id unique on the page
     * @param title the name of the drawing
     * @param lanes the number of lines to reserve space for, so that two drawings have the same width
     */
    static void draw(Html html, Pod pod, String id, String title, int lanes) {
        Drawing drawing = new Drawing(pod, pod.mounted());
        drawing.all();
        int width = EDGE + BOX + Edges.room(lanes) + EDGE;
        int height = drawing.y + EDGE - GAP;
        html.open(
                "svg",
                "class",
                width > WIDE ? "pod wide" : "pod",
                "role",
                "img",
                "aria-labelledby",
                id + "-title " + id + "-desc",
                "viewBox",
                "0 0 " + width + " " + height,
                "width",
                String.valueOf(width),
                "height",
                String.valueOf(height));
        html.element("title", title, "id", id + "-title");
        html.element("desc", pod.summary(), "id", id + "-desc");
        rect(html, "shell", 1, 1, width - 2, height - 2, 14);
        html.raw(drawing.body.toString());
        drawing.edges.draw(html);
        html.end();
    }

    private void all() {
        if (!pod.lines().isEmpty()) {
            box("pod", "", pod.lines(), Attribution.OWN);
        }
        section("init containers, one after the other", pod.initContainers());
        section("containers, side by side", pod.containers());
        if (!pod.volumes().isEmpty()) {
            label("volumes");
            pod.volumes().forEach(this::volume);
        }
    }

    private void section(String name, List<Container> containers) {
        if (!containers.isEmpty()) {
            label(name);
            containers.forEach(container -> box(
                    container.role() + (container.attribution().added() ? ", added" : ""),
                    container.name(),
                    container.lines(),
                    container.attribution()));
        }
    }

    private void label(String text) {
        text("label", EDGE, y + 13, text, text);
        y += 13 + GAP;
    }

    private void box(String role, String name, List<Line> lines, Attribution attribution) {
        List<String> names = name.isEmpty() ? List.of() : Wrap.lines(name, CELLS, PIECES);
        int height = 8 + LINE * (1 + names.size()) + 8;
        for (Line line : lines) {
            height += LINE * pieces(line).size();
        }
        body.open("g", "class", attribution.added() ? "box new" : "box");
        frame(attribution, height);
        int top = y;
        y += 8 + LINE - 5;
        text("role", EDGE + INSET, y, role, role);
        badge(attribution, y);
        for (String piece : names) {
            y += LINE;
            text("name", EDGE + INSET, y, piece, name);
        }
        lines.forEach(line -> line(line, attribution.added() ? attribution : line.attribution()));
        body.end();
        y = top + height + GAP;
    }

    private void frame(Attribution attribution, int height) {
        rect(body, "frame", EDGE, y, BOX, height, 8);
        if (attribution.added()) {
            body.shape(
                    "path",
                    "class",
                    "hatch",
                    "d",
                    "M" + (EDGE + 9) + " " + (y + 1) + "h-1a7 7 0 0 0 -7 7v" + (height - 16) + "a7 7 0 0 0 7 7h1z");
        }
    }

    /**
     * @param lead the attribution of the line to the volume: in an added container, all lines are added
     */
    private void line(Line line, Attribution lead) {
        List<String> pieces = pieces(line);
        int first = y + LINE;
        for (int i = 0; i < pieces.size(); i++) {
            y += LINE;
            int indent = i == 0 ? 0 : CELL;
            text(
                    line.attribution().added() ? "line added" : "line",
                    EDGE + INSET + indent,
                    y,
                    pieces.get(i),
                    line.words());
        }
        if (line.attribution().added()) {
            text("plus", EDGE + 8, first, "+", line.attribution().words());
            badge(line.attribution(), first);
        }
        line.volume().ifPresent(volume -> edges.mount(volume, first - 4, lead));
    }

    private static List<String> pieces(Line line) {
        int room = line.attribution().number().isEmpty() ? CELLS : CELLS - badgeCells(line.attribution());
        return Wrap.lines(line.text(), room, PIECES);
    }

    private static int badgeCells(Attribution attribution) {
        return attribution.number().length() + 1;
    }

    private void badge(Attribution attribution, int baseline) {
        if (!attribution.number().isEmpty()) {
            int width = CELL * attribution.number().length() + 8;
            int x = EDGE + BOX - 12 - width;
            rect(body, "badge", x, baseline - 12, width, 16, 4);
            text("number", x + 4, baseline, attribution.number(), attribution.words());
        }
    }

    /** Draws a volume as a cylinder, the usual symbol of a store. */
    private void volume(Volume volume) {
        Attribution attribution = volume.attribution();
        List<String> names = Wrap.lines(volume.name(), CELLS - badgeCells(attribution), PIECES);
        List<String> sources = Wrap.lines(volume.source() + (attribution.added() ? ", added" : ""), CELLS, 1);
        int height = 22 + LINE * (names.size() + sources.size());
        body.open("g", "class", attribution.added() ? "box new" : "box");
        String top = "a" + BOX / 2 + " 6 0 0 1 " + BOX + " 0";
        String bottom = "a" + BOX / 2 + " 6 0 0 1 -" + BOX + " 0";
        body.shape(
                "path", "class", "frame", "d", "M" + EDGE + " " + (y + 6) + top + "v" + (height - 12) + bottom + "z");
        body.shape("path", "class", "rim", "d", "M" + EDGE + " " + (y + 6) + "a" + BOX / 2 + " 6 0 0 0 " + BOX + " 0");
        if (attribution.added()) {
            body.shape(
                    "rect", "class", "hatch", "x", n(EDGE + 1), "y", n(y + 8), "width", n(8), "height", n(height - 16));
        }
        int baseline = y + 12;
        badge(attribution, baseline + LINE);
        for (String piece : names) {
            baseline += LINE;
            text("name", EDGE + INSET, baseline, piece, volume.name());
        }
        for (String piece : sources) {
            baseline += LINE;
            text("role", EDGE + INSET, baseline, piece, volume.source());
        }
        body.end();
        edges.end(volume.name(), y + height / 2, attribution);
        y += height + GAP;
    }

    private void text(String type, int x, int baseline, String shown, String whole) {
        body.open("text", "class", type, "x", n(x), "y", n(baseline)).text(shown);
        if (!shown.equals(whole)) {
            body.element("title", whole);
        }
        body.close();
    }

    private static void rect(Html html, String type, int x, int y, int width, int height, int radius) {
        html.shape(
                "rect", "class", type, "x", n(x), "y", n(y), "width", n(width), "height", n(height), "rx", n(radius));
    }

    private static String n(int number) {
        return String.valueOf(number);
    }
}
