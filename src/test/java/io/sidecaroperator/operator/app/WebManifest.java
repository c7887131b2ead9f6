package io.sidecaroperator.operator.app;

/**
 * The manifest of the Deployment {@code web} as its owner writes it.
 *
 * @param selected whether it has the label by which policies select
 * @param container name of its only container
 * @param volume whether it has its own volume
 * @param annotation whether its template has its own annotation
 * @param env variables of the container, in YAML
 */
record WebManifest(boolean selected, String container, String image, boolean volume, boolean annotation, String env) {
    /** The first version. */
    static final WebManifest FIRST = new WebManifest(true, "app", "app:1", false, false, "");

    WebManifest of(boolean nowSelected) {
        return new WebManifest(nowSelected, container, image, volume, annotation, env);
    }

    WebManifest withContainer(String name) {
        return new WebManifest(selected, name, image, volume, annotation, env);
    }

    WebManifest withImage(String other) {
        return new WebManifest(selected, container, other, volume, annotation, env);
    }

    WebManifest withVolume(boolean present) {
        return new WebManifest(selected, container, image, present, annotation, env);
    }

    WebManifest withAnnotation(boolean present) {
        return new WebManifest(selected, container, image, volume, present, env);
    }

    WebManifest withEnv(String yaml) {
        return new WebManifest(selected, container, image, volume, annotation, yaml);
    }

    /** Returns the text of the file. Missing parts have no key either. */
    String text() {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  replicas: 1
                  revisionHistoryLimit: 100
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata:
                      labels: {app: web, agent: "%s"}
                %s    spec:
                      containers:
                      - name: %s
                        image: example.org/%s
                %s%s""".formatted(
                        selected ? "on" : "off",
                        annotation ? "      annotations: {team: shop}\n" : "",
                        container,
                        image,
                        env.isEmpty() ? "" : "        env: " + env + "\n",
                        volume ? "      volumes: [{name: conf, emptyDir: {}}]\n" : "");
    }
}
