package io.sidecaroperator.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidecaroperator.support.SlowestClasses.Timed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowestClassesTest {
    private static final Instant BUILD = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path target;

    @Test
    void aClassOverTheLimitFailsTheBuildAndIsNamed() throws IOException {
        report("surefire-reports", "a.QuickTest", "1.5", BUILD.plusSeconds(1));
        report("failsafe-reports", "a.SlowIT", "1,120.5", BUILD.plusSeconds(1));

        assertThatThrownBy(() -> SlowestClasses.check(target, 120, BUILD, List.of("20.0")))
                .hasMessage("test classes over the limit of 120 s: SlowIT (1121 s)");
    }

    @Test
    void aSlowMachineIsGivenAsMuchMoreTime() throws IOException {
        report("failsafe-reports", "a.SlowIT", "239", BUILD.plusSeconds(1));
        List<String> halfAsFast = List.of("1.0", "%.1f".formatted(2 * SlowestClasses.QUIET_MILLISECONDS), "9999.0");

        assertThat(SlowestClasses.check(target, 120, BUILD, halfAsFast))
                .contains("239 s in all (limit 240 s each; this machine takes 2.0 times as long as a quiet one)")
                .contains("239.0 s  SlowIT");
    }

    @Test
    void aFastMachineTightensNothing() {
        assertThat(SlowestClasses.slowness(List.of("1.0"))).isEqualTo(1);
        assertThat(SlowestClasses.slowness(List.of())).isEqualTo(1);
    }

    @Test
    void reportsOfAnEarlierBuildDoNotCount() throws IOException {
        report("failsafe-reports", "a.SlowIT", "999", BUILD.minusSeconds(1));

        assertThat(SlowestClasses.check(target, 120, BUILD, List.of())).startsWith("Slowest of 0 test classes");
    }

    @Test
    void theSlowestTwentyAreShownSlowestFirst() {
        List<Timed> classes = IntStream.rangeClosed(1, 25)
                .mapToObj(i -> new Timed("C" + i, i))
                .toList();

        assertThat(SlowestClasses.report(classes, 120, 1).lines().skip(1).map(line -> line.replaceFirst(".* ", "")))
                .hasSize(20)
                .startsWith("C25", "C24")
                .endsWith("C6");
    }

    private void report(String directory, String name, String seconds, Instant written) throws IOException {
        Path file = Files.createDirectories(target.resolve(directory)).resolve("TEST-" + name + ".xml");
        Files.writeString(
                file,
                "<testsuite name=\"%s\" time=\"%s\" tests=\"1\"><testcase/></testsuite>".formatted(name, seconds));
        Files.setLastModifiedTime(file, FileTime.from(written));
    }
}
