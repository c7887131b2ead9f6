package io.sidecaroperator.cli.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines between mounts and volumes. Each volume has its own lane beside the boxes, and the topmost volume has the
 * nearest lane. So no lane crosses the entry of another volume.
 */
final class Edges {
    private static final int LANE = 14;
    private static final int FIRST = 18;
    private static final int BEND = 6;

    private final List<String> tracks;
    private final int edge;
    private final Map<String, List<Stop>> mounts = new HashMap<>();
    private final List<End> ends = new ArrayList<>();

    /**
     * @param tracks the volumes that are mounted, the topmost first
     * @param edge where the boxes end
     */
    Edges(List<String> tracks, int edge) {
        this.tracks = tracks;
        this.edge = edge;
    }

    private record Stop(int y, Attribution attribution) {}

    private record End(String volume, Stop stop) {}

    /** Returns the width of this many lanes. */
    static int room(int tracks) {
        return tracks == 0 ? 0 : FIRST + LANE * (tracks - 1);
    }

    void mount(String volume, int y, Attribution attribution) {
        mounts.computeIfAbsent(volume, none -> new ArrayList<>()).add(new Stop(y, attribution));
    }

    void end(String volume, int y, Attribution attribution) {
        if (tracks.contains(volume)) {
            ends.add(new End(volume, new Stop(y, attribution)));
        }
    }

    /** Draws the lanes first: where a mount's line crosses another lane, the line is in front. */
    void draw(Html html) {
        ends.forEach(end -> track(html, end));
        for (End end : ends) {
            List<Stop> stops = mounts.getOrDefault(end.volume, List.of());
            for (int i = 0; i < stops.size(); i++) {
                mount(html, stops.get(i), trackOf(end), i == 0);
            }
        }
    }

    private void track(Html html, End end) {
        int x = trackOf(end);
        int top = mounts.getOrDefault(end.volume, List.of(end.stop)).get(0).y + BEND;
        path(
                html,
                end.stop.attribution,
                "M" + x + " " + top + "V" + (end.stop.y - BEND) + "q0 " + BEND + " -" + BEND + " " + BEND + "H" + edge);
        dot(html, end.stop.attribution, edge, end.stop.y);
    }

    private void mount(Html html, Stop stop, int track, boolean topmost) {
        String way = "M" + edge + " " + stop.y + "H" + (topmost ? track - BEND : track)
                + (topmost ? "q" + BEND + " 0 " + BEND + " " + BEND : "");
        html.shape("path", "class", "halo", "d", "M" + (edge + 4) + " " + stop.y + "H" + (track - BEND));
        path(html, stop.attribution, way);
        dot(html, stop.attribution, edge, stop.y);
        if (!topmost) {
            dot(html, stop.attribution, track, stop.y);
        }
    }

    private int trackOf(End end) {
        return edge + FIRST + LANE * tracks.indexOf(end.volume);
    }

    private static void path(Html html, Attribution attribution, String way) {
        html.shape("path", "class", attribution.added() ? "wire added" : "wire", "d", way);
    }

    private static void dot(Html html, Attribution attribution, int x, int y) {
        html.shape(
                "circle",
                "class",
                attribution.added() ? "dot added" : "dot",
                "cx",
                String.valueOf(x),
                "cy",
                String.valueOf(y),
                "r",
                "3.5");
    }
}
