package io.sidecaroperator.examples;

import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The images of what the examples run, made by {@code tools/example-programs/images}. */
public final class ExampleImages {
    private static final Path TARGET = Checkout.ROOT.resolve("target/example-images");

    private ExampleImages() {}

    /**
     * Makes those that can be had on this machine. Returns the archive of each by its name in the examples. What is left
     * out is printed, with the reason.
     */
    public static Map<String, Path> make() {
        Program.Result result = script(TARGET.toString());
        System.out.print(result.err());
        Map<String, String> names = named();
        return result.out()
                .lines()
                .map(Path::of)
                .collect(Collectors.toMap(
                        path -> names.get(path.getFileName().toString().replace(".tar", "")), path -> path));
    }

    /** Returns the name in the examples of each image that the script knows, by its short name. */
    static Map<String, String> named() {
        Map<String, String> names = new TreeMap<>();
        script("--list")
                .out()
                .lines()
                .map(line -> line.split(" "))
                .forEach(words -> names.put(words[0], familiar(words[1])));
        return names;
    }

    /** Returns the images of an example. */
    public static Set<String> of(Example example) {
        return example.objects().stream()
                .flatMap(object -> object.findValuesAsText("image").stream())
                .collect(Collectors.toSet());
    }

    /** Returns the name of an image as people write it. */
    private static String familiar(String image) {
        return image.replaceFirst("^docker\\.io/(library/)?", "");
    }

    private static Program.Result script(String argument) {
        return Program.run(
                        List.of("bash", "tools/example-programs/images", argument),
                        Map.of(),
                        "",
                        Duration.ofMinutes(30))
                .ok();
    }
}
