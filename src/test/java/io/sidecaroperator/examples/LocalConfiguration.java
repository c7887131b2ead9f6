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
 * An example's configuration with the few places of a pod (paths, ports) replaced by those of a test. A place that occurs
 * nowhere fails the test: otherwise the program might run with something that the example no longer says.
 */
final class LocalConfiguration {
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Set<String> seen = new LinkedHashSet<>();

    /** Replaces a text of the example. */
    LocalConfiguration with(String place, Object here) {
        places.put(place, here.toString());
        return this;
    }

    /** A text with every place replaced. */
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

    /** Several texts, each with every place replaced. */
    List<String> here(List<String> texts) {
        return texts.stream().map(this::here).toList();
    }

    /** Writes a configuration, with every place replaced, to a file. */
    Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, here(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails when a place was replaced nowhere. */
    void assertAllUsed() {
        if (!seen.equals(places.keySet())) {
            throw new AssertionError("the example no longer says all of " + places.keySet() + ", only " + seen);
        }
    }
}
