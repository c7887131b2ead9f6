package io.sidecaroperator.page;

import io.sidecaroperator.engine.KubernetesVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a page tells.
 *
 * @param about what was asked about when that is no single workload: {@code namespace shop}, say
 * @param server the version of the API server that runs the pods
 * @param at when that was looked at, if the caller wants it told
 * @param chapters the workloads, in the order in which they are told
 * @param remarks what is odd about the input as a whole, a sentence each
 */
public record Story(
        Optional<String> about,
        KubernetesVersion server,
        Optional<Instant> at,
        List<Chapter> chapters,
        List<String> remarks) {
    public Story {
        chapters = List.copyOf(chapters);
        remarks = List.copyOf(remarks);
    }

    /** What was asked about: one workload, or what the caller says. */
    String subject() {
        return chapters.size() == 1 ? chapters.get(0).subject() : about.orElse(chapters.size() + " workloads");
    }

    /** What was taken for granted, each once. */
    List<String> assumptions() {
        return chapters.stream()
                .flatMap(chapter -> chapter.explanation().assumptions().stream())
                .distinct()
                .toList();
    }
}
