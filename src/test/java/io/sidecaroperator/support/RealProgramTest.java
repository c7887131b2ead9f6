package io.sidecaroperator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class RealProgramTest {
    /** Tools, which no example runs. */
    private static final Set<String> OF_TESTS = Set.of("kustomize", "helm", "helm4");

    @Test
    @EnabledOnOs(OS.LINUX)
    @DisplayName(
            "the tests and the images of the examples keep a program at the same place, so that nothing is built twice")
    void samePlace() {
        List<Path> ours = Arrays.stream(RealProgram.values())
                .map(RealProgram::place)
                .filter(place -> !OF_TESTS.contains(place.getFileName().toString()))
                .toList();

        List<Path> theirs = Program.run(
                        List.of("bash", "tools/example-programs/images", "--list"), Map.of(), "", Duration.ofMinutes(1))
                .ok()
                .out()
                .lines()
                .map(line -> line.split(" "))
                .filter(words -> words.length > 2)
                .map(words -> Path.of(words[2]))
                .toList();
        assertThat(theirs).containsExactlyInAnyOrderElementsOf(ours);
    }
}
