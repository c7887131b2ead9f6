package io.sidecaroperator.api.v1alpha1;

import io.sidecaroperator.core.json.Quantity;
import io.sidecaroperator.core.policy.validation.ContainerRules;
import io.sidecaroperator.core.policy.validation.LabelRules;
import io.sidecaroperator.core.policy.validation.PodRules;
import io.sidecaroperator.core.policy.validation.TextPattern;
import java.util.List;

/** What core/v1 says about its parts and the generated schema does not: required fields, values, limits, rules. */
final class CoreSchemas {
    private static final int PATH_LENGTH = 1024;
    private static final int MODE = 0777;

    private CoreSchemas() {}

    static void container(Schema container) {
        container.openAtEveryLevel().required("name", "image");
        container.at("name").text(TextPattern.DNS_LABEL, 63);
        container.at("image").text(TextPattern.IMAGE, 1024);
        container.at("imagePullPolicy").oneOf("Always", "IfNotPresent", "Never");
        container.at("terminationMessagePolicy").oneOf("File", "FallbackToLogsOnError");
        env(container.at("env"));
        envFrom(container.at("envFrom"));
        volumeMounts(container.at("volumeMounts"));
        container.at("volumeDevices[]").required("name", "devicePath");
        ports(container.at("ports"));
        resources(container.at("resources"));
        container.at("resizePolicy[]").required("resourceName", "restartPolicy");
        container.at("resizePolicy[].restartPolicy").oneOf("NotRequired", "RestartContainer");
        probes(container);
        for (String hook : List.of("lifecycle.postStart", "lifecycle.preStop")) {
            handler(container.at(hook).rules(ContainerRules.HOOK_HANDLER));
            container.at(hook + ".sleep").required("seconds");
            container.at(hook + ".sleep.seconds").atLeast(0);
        }
        securityContext(container.at("securityContext"));
    }

    static void env(Schema env) {
        env.keyedBy("name", 256).at("[]").openAtEveryLevel().required("name").rules(ContainerRules.ONE_ENV_VALUE);
        env.at("[].name").text(TextPattern.ENV_NAME, 253);
        Schema from = env.at("[].valueFrom").rules(ContainerRules.ENV_VALUE_FROM);
        from.at("configMapKeyRef").required("name", "key");
        from.at("secretKeyRef").required("name", "key");
        from.at("fieldRef").required("fieldPath");
        from.at("resourceFieldRef").required("resource");
        from.at("fileKeyRef").required("volumeName", "path", "key");
    }

    static void envFrom(Schema envFrom) {
        Schema source = envFrom.maxItems(64).at("[]").openAtEveryLevel().rules(ContainerRules.ENV_FROM);
        source.at("configMapRef").required("name");
        source.at("secretRef").required("name");
    }

    static void volumeMounts(Schema mounts) {
        Schema mount = mounts.keyedBy("mountPath", 64).at("[]");
        mount.openAtEveryLevel().required("name", "mountPath").rules(ContainerRules.ONE_SUB_PATH);
        mount.at("name").text(TextPattern.DNS_LABEL, 63);
        mount.at("mountPath").text(TextPattern.ABSOLUTE_PATH, PATH_LENGTH).rules(ContainerRules.NO_PARENT_STEPS);
        mount.at("subPath").text(TextPattern.RELATIVE_PATH, PATH_LENGTH).rules(ContainerRules.NO_PARENT_STEPS);
        mount.at("subPathExpr").text(TextPattern.RELATIVE_PATH, PATH_LENGTH).rules(ContainerRules.NO_PARENT_STEPS);
        mount.at("mountPropagation").oneOf("None", "HostToContainer", "Bidirectional");
        mount.at("recursiveReadOnly").oneOf("Disabled", "IfPossible", "Enabled");
    }

    static void probes(Schema parent) {
        for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            Schema probe = parent.at(name).openAtEveryLevel().rules(ContainerRules.PROBE_HANDLER);
            handler(probe);
            probe.at("grpc").required("port");
            probe.at("grpc.port").range(1, 65_535);
            for (String field : List.of(
                    "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
                probe.at(field).atLeast(0);
            }
            probe.at("terminationGracePeriodSeconds").atLeast(1);
            probe.rules(
                    name.equals("readinessProbe")
                            ? ContainerRules.READINESS_GRACE_PERIOD
                            : ContainerRules.SUCCESS_THRESHOLD);
        }
    }

    static void resources(Schema resources) {
        resources.openAtEveryLevel();
        for (String name : List.of("requests", "limits")) {
            quantity(resources
                    .at(name)
                    .maxProperties(16)
                    .rules(ContainerRules.RESOURCE_NAMES)
                    .at("{}"));
        }
    }

    static void labelSelector(Schema selector) {
        labels(selector.at("matchLabels"));
        Schema requirement =
                selector.at("matchExpressions").maxItems(32).at("[]").required("key", "operator");
        requirement.rules(LabelRules.VALUES_NEEDED, LabelRules.VALUES_FORBIDDEN);
        requirement.at("key").text(TextPattern.LABEL_KEY, LabelRules.MAX_KEY);
        requirement.at("operator").oneOf("In", "NotIn", "Exists", "DoesNotExist");
        requirement.at("values").maxItems(64).at("[]").text(TextPattern.LABEL_VALUE, 63);
    }

    static void labels(Schema labels) {
        labels.maxProperties(64).rules(LabelRules.KEYS).at("{}").text(TextPattern.LABEL_VALUE, 63);
    }

    static void hostAliases(Schema aliases) {
        Schema alias = aliases.keyedBy("ip", 32).at("[]").openAtEveryLevel().required("ip", "hostnames");
        alias.at("ip").maxLength(45).rules(PodRules.IP_ADDRESS);
        alias.at("hostnames").maxItems(32).notEmpty().at("[]").text(TextPattern.DNS_SUBDOMAIN, 253);
    }

    static void volume(Schema volume) {
        volume.openAtEveryLevel().required("name");
        volume.at("name").text(TextPattern.DNS_LABEL, 63);
        volume.at("emptyDir.medium").text(TextPattern.MEDIUM, 63);
        quantity(volume.at("emptyDir.sizeLimit"));
        volume.at("configMap").required("name");
        volume.at("secret").required("secretName");
        volume.at("persistentVolumeClaim").required("claimName");
        volume.at("ephemeral").required("volumeClaimTemplate");
        volume.at("csi").required("driver");
        volume.at("nfs").required("server", "path");
        volume.at("image.pullPolicy").oneOf("Always", "IfNotPresent", "Never");
        volume.at("hostPath").required("path");
        volume.at("hostPath.path").maxLength(PATH_LENGTH).rules(ContainerRules.NO_PARENT_STEPS);
        volume.at("hostPath.type")
                .oneOf(
                        "",
                        "DirectoryOrCreate",
                        "Directory",
                        "FileOrCreate",
                        "File",
                        "Socket",
                        "CharDevice",
                        "BlockDevice");
        for (String files : List.of("configMap", "secret", "downwardAPI", "projected")) {
            volume.at(files + ".defaultMode").range(0, MODE);
        }
        for (String files :
                List.of("configMap", "secret", "projected.sources[].configMap", "projected.sources[].secret")) {
            volume.at(files + ".items[]").required("key", "path").at("mode").range(0, MODE);
        }
        for (String files : List.of("downwardAPI", "projected.sources[].downwardAPI")) {
            volume.at(files + ".items[]").required("path").at("mode").range(0, MODE);
        }
        volume.at("projected.sources[].serviceAccountToken").required("path");
    }

    private static void ports(Schema ports) {
        ports.maxItems(16).rules(ContainerRules.UNIQUE_PORTS, ContainerRules.UNIQUE_PORT_NAMES);
        Schema port = ports.at("[]").required("containerPort");
        port.at("containerPort").range(1, 65_535);
        port.at("hostPort").range(0, 65_535);
        port.at("name").text(TextPattern.PORT_NAME, 15);
        port.at("protocol").oneOf("TCP", "UDP", "SCTP");
    }

    private static void handler(Schema handler) {
        handler.at("exec").required("command").at("command").notEmpty();
        handler.at("httpGet").required("port");
        port(handler.at("httpGet.port"));
        handler.at("httpGet.scheme").oneOf("HTTP", "HTTPS");
        handler.at("httpGet.httpHeaders[]").required("name");
        handler.at("tcpSocket").required("port");
        port(handler.at("tcpSocket.port"));
    }

    private static void port(Schema port) {
        port.text(TextPattern.PORT, 15).range(1, 65_535);
    }

    private static void quantity(Schema quantity) {
        quantity.text(TextPattern.QUANTITY, Quantity.MAX_LENGTH).atLeast(0);
    }

    private static void securityContext(Schema context) {
        context.rules(ContainerRules.PRIVILEGE_ESCALATION);
        context.at("seccompProfile").required("type").at("type").oneOf("RuntimeDefault", "Localhost", "Unconfined");
        context.at("appArmorProfile").required("type").at("type").oneOf("RuntimeDefault", "Localhost", "Unconfined");
        context.at("procMount").oneOf("Default", "Unmasked");
        context.at("runAsUser").atLeast(0);
        context.at("runAsGroup").atLeast(0);
    }
}
