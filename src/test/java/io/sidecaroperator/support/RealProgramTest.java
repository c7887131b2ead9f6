package io.sidecaroperator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class RealProgramTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    @DisplayName(
            "the tests and the images of the examples keep a program at the same place, so that nothing is built twice")
    void samePlace() {
        List<Path> ours = Arrays.stream(RealProgram.values())
                .filter(program -> program != RealProgram.KUSTOMIZE)
                .map(RealProgram::place)
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
