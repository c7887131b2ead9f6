package io.sidecaroperator.cli.manifest;

/** Measures how far a word is from the one that was perhaps meant. */
final class DidYouMean {
    private static final int NEAR = 4;

    private DidYouMean() {}

    /** Returns how many letters have to be added, removed or changed, regardless of case. */
    static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[before.length];
            now[0] = i;
            for (int j = 1; j < now.length; j++) {
                boolean same = Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
                now[j] = Math.min(Math.min(now[j - 1], before[j]) + 1, before[j - 1] + (same ? 0 : 1));
            }
            before = now;
        }
        return before[other.length()];
    }

    /** Returns {@code ; did you mean SidecarPolicy?} when the word is near enough, otherwise an empty text. */
    static String suggestion(String found, String intended) {
        return distance(found, intended) <= NEAR ? "; did you mean " + intended + "?" : "";
    }
}
