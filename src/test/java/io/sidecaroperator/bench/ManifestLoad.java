package io.sidecaroperator.bench;

import io.sidecaroperator.support.Checkout;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What inject and uninject cost as a process: time and resident memory for 10,000 documents of 40 MB in all, from a
 * file and through a pipe, and the time for one Deployment.
 *
 * <p>Run: {@code mvn -q package exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=io.sidecaroperator.bench.ManifestLoad}
 */
public final class ManifestLoad {
    private static final int MANY = 10_000;
    private static final int BYTES_EACH = 4_000;
    private static final String POLICY = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: SidecarPolicy
            metadata: {name: logs}
            spec:
              selector: {matchLabels: {logs: collected}}
              sharedVolumes: [{name: app-logs, mountPath: /var/log/app, envVar: LOG_DIR}]
              sidecars: [{name: log-collector, image: "fluent/fluent-bit:4.2.0"}]
            """;

    private final Path directory;

    private ManifestLoad() throws IOException {
        directory = Files.createTempDirectory("manifest-load");
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        new ManifestLoad().run();
    }

    private void run() throws IOException, InterruptedException {
        String policy =
                Files.writeString(directory.resolve("policy.yaml"), POLICY).toString();
        Path one = write("one.yaml", 1);
        Path many = write("many.yaml", MANY);
        System.out.printf("%,d documents, %,d bytes%n", MANY, Files.size(many));
        Path injected = directory.resolve("injected.yaml");

        for (int i = 0; i < 3; i++) {
            measure("one Deployment", "", null, injected, "inject", "-f", one.toString(), "-p", policy);
        }
        for (String heap : new String[] {"", "-Xmx128m", "-Xmx64m"}) {
            measure("file", heap, null, injected, "inject", "-q", "-f", many.toString(), "-p", policy);
            measure("pipe, all said", heap, many, injected, "inject", "-p", policy);
            measure("pipe", heap, injected, directory.resolve("back.yaml"), "uninject", "-q");
            measure(
                    "file, json",
                    heap,
                    null,
                    injected,
                    "inject",
                    "-q",
                    "-o",
                    "json",
                    "-f",
                    many.toString(),
                    "-p",
                    policy);
            measure(
                    "in place",
                    heap,
                    null,
                    directory.resolve("none"),
                    "inject",
                    "-q",
                    "--in-place",
                    "-f",
                    many.toString(),
                    "-p",
                    policy);
            write("many.yaml", MANY);
        }
    }

    private void measure(
            String title, String heap, @org.jspecify.annotations.Nullable Path in, Path out, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Checkout.ROOT.resolve("sidecar").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(directory.resolve("err").toFile());
        if (in != null) {
            // Through cat, so that it is a pipe and not a file that can be read twice.
            command.add(0, "cat \"$0\" | \"$@\"");
            command.add(1, in.toString());
            command.add(0, "bash");
            command.add(1, "-c");
        }
        builder.environment().put("SIDECAR_NO_BUILD", "1");
        builder.environment().put("SIDECAR_JAVA_OPTS", heap);
        long start = System.nanoTime();
        Process process = builder.start();
        long peak = 0;
        while (process.isAlive()) {
            peak = Math.max(
                    peak,
                    Math.max(
                            peakMiB(process.toHandle()),
                            process.descendants()
                                    .mapToLong(ManifestLoad::peakMiB)
                                    .max()
                                    .orElse(0)));
            Thread.sleep(10);
        }
        System.out.printf(
                "%-8s %-16s %-9s %6.2f s %5d MiB resident, exit code %d, %,d bytes out, %,d bytes said%n",
                arguments[0],
                title,
                heap,
                (System.nanoTime() - start) / 1e9,
                peak,
                process.exitValue(),
                Files.size(out),
                Files.size(directory.resolve("err")));
    }

    private static long peakMiB(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            // It has just ended.
            return 0;
        }
    }

    private Path write(String name, int documents) throws IOException {
        Path file = directory.resolve(name);
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (int i = 0; i < documents; i++) {
                out.write(document(i));
            }
        }
        return file;
    }

    private static String document(int number) {
        StringBuilder text = new StringBuilder("""
                ---
                # Source: shop/templates/web.yaml
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: web-%1$d
                  namespace: shop
                  labels: {app.kubernetes.io/name: web, app.kubernetes.io/instance: "%1$d"}
                spec:
                  replicas: 3
                  selector:
                    matchLabels: {app: web-%1$d}
                  template:
                    metadata:
                      labels: {app: web-%1$d, logs: collected}
                    spec:
                      containers:
                      - name: app
                        image: registry.example/shop/web:1.%1$d
                        ports:
                        - containerPort: 8080
                        env:
                """.formatted(number));
        for (int i = 0; text.length() < BYTES_EACH; i++) {
            text.append("        - name: SETTING_")
                    .append(i)
                    .append("\n          value: \"a value of some length, number ");
            text.append(number).append('-').append(i).append("\"\n");
        }
        return text.toString();
    }
}
