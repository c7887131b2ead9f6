package io.sidecaroperator.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An example's configuration, in which some values of a pod (paths, ports) are replaced by those of a test. A value
 * that occurs nowhere fails the test: otherwise the program might run with something that the example no longer says.
 */
final class LocalConfiguration {
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Set<String> seen = new LinkedHashSet<>();

    /** Replaces a text of the example. */
    LocalConfiguration with(String place, Object here) {
        places.put(place, here.toString());
        return this;
    }

    /** Returns a text with every value replaced. */
    String here(String text) {
        String result = text;
        for (Map.Entry<String, String> place : places.entrySet()) {
            if (result.contains(place.getKey())) {
                seen.add(place.getKey());
                result = result.replace(place.getKey(), place.getValue());
            }
        }
        return result;
    }

    /** Returns several texts, each with every value replaced. */
    List<String> here(List<String> texts) {
        return texts.stream().map(this::here).toList();
    }

    /** Writes a configuration with every value replaced to a file. */
    Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, here(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails when a value was not found in any text. */
    void assertAllUsed() {
        if (!seen.equals(places.keySet())) {
            throw new AssertionError("the example no longer says all of " + places.keySet() + ", only " + seen);
        }
    }
}
