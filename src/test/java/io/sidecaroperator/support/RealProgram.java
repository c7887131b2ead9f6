package io.sidecaroperator.support;

import java.nio.file.Path;

/** A real program that examples need, built at first use ({@link GoProgram}). */
public enum RealProgram {
    COLLECTOR("example-programs/collector", "."),
    RCLONE("example-programs/rclone", "."),
    CADDY("example-programs/caddy", "tool"),
    STATSD_EXPORTER("example-programs/statsd-exporter", "tool"),
    HTTP_ECHO("example-programs/http-echo", "tool"),
    NGINX_EXPORTER("example-programs/nginx-exporter", "tool"),
    NC("example-programs/nc", "."),
    KUSTOMIZE("kustomize", "tool"),
    HELM("release/helm", "tool"),
    /** Only in the exhaustive run: it takes minutes to build. */
    HELM_4("helm4", "tool");

    private final GoProgram program;

    RealProgram(String folder, String target) {
        Path sources = Checkout.ROOT.resolve("tools").resolve(folder);
        this.program = new GoProgram(sources.getFileName().toString(), sources, "go.mod", target);
    }

    /** Returns where its executable is, or will be. */
    Path place() {
        return program.place();
    }

    /** Returns the path of its executable. */
    public Path path() {
        return program.path();
    }
}
