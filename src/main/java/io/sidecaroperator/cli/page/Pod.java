package io.sidecaroperator.cli.page;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A pod as the page shows it, in the drawing and in the words beside it. */
record Pod(List<Line> lines, List<Container> initContainers, List<Container> containers, List<Volume> volumes) {
    /**
     * One fact.
     *
     * @param text the fact, for the drawing
     * @param words the fact in words, where no line leads to a volume
     * @param volume the volume that a line leads to
     */
    record Line(String text, String words, Optional<String> volume, Attribution attribution) {
        static Line of(String text, Attribution attribution) {
            return new Line(text, text, Optional.empty(), attribution);
        }
    }

    /** A container with its role in the pod: {@code app container}, {@code native sidecar}, ... */
    record Container(String name, String role, List<Line> lines, Attribution attribution) {}

    /** A volume, with what it is made of. */
    record Volume(String name, String source, Attribution attribution) {}

    Stream<Container> allContainers() {
        return Stream.concat(initContainers.stream(), containers.stream());
    }

    /** Returns the volumes that are mounted, in the order of the drawing. */
    List<String> mounted() {
        List<String> used = allContainers()
                .flatMap(container -> container.lines().stream())
                .flatMap(line -> line.volume().stream())
                .toList();
        return volumes.stream().map(Volume::name).filter(used::contains).toList();
    }

    /** Whether any part shows the number of a policy. */
    boolean isNumbered() {
        return Stream.of(
                        lines.stream().map(Line::attribution),
                        allContainers().map(Container::attribution),
                        allContainers()
                                .flatMap(container -> container.lines().stream())
                                .map(Line::attribution),
                        volumes.stream().map(Volume::attribution))
                .flatMap(attributions -> attributions)
                .anyMatch(attribution -> !attribution.number().isEmpty());
    }

    /** Returns the pod in a sentence. */
    String summary() {
        String sentence = initContainers.size()
                + (initContainers.size() == 1 ? " init container, " : " init containers, ")
                + containers.size()
                + (containers.size() == 1 ? " container, " : " containers, ")
                + volumes.size()
                + (volumes.size() == 1 ? " volume" : " volumes");
        String added = Stream.concat(
                        allContainers()
                                .filter(container -> container.attribution().added())
                                .map(container -> container.role() + " " + container.name()),
                        volumes.stream()
                                .filter(volume -> volume.attribution().added())
                                .map(volume -> "volume " + volume.name()))
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
        return sentence + (added.isEmpty() ? "" : "; added: " + added);
    }
}
