package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.policy.validation.ContainerRules;
import io.sidecaroperator.core.policy.validation.LabelRules;
import io.sidecaroperator.core.policy.validation.PaceRules;
import io.sidecaroperator.core.policy.validation.SidecarRules;
import io.sidecaroperator.core.policy.validation.SpecRules;
import io.sidecaroperator.core.policy.validation.TextPattern;
import io.sidecaroperator.core.policy.validation.VolumeRules;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Makes a CRD: the classes give fields and descriptions, this class adds limits, list types, patterns and rules. */
final class CrdFactory {
    private static final List<String> COLUMNS = List.of("Ready", "Matched", "Injected", "Revision", "Age");

    private CrdFactory() {}

    /** The CRD of a class, as a tree. */
    static ObjectNode crd(Class<? extends CustomResource<?, ?>> type) {
        ObjectNode crd = generate(type);
        ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
        orderColumns((ArrayNode) version.get("additionalPrinterColumns"));
        Schema root = new Schema((ObjectNode) version.at("/schema/openAPIV3Schema"));
        tidy(root.node());
        spec(root.at("spec"));
        status(root.at("status"));
        if (type == ClusterSidecarPolicy.class) {
            CoreSchemas.labelSelector(root.at("spec.namespaceSelector"));
        }
        return crd;
    }

    private static ObjectNode generate(Class<? extends CustomResource<?, ?>> type) {
        List<HasMetadata> generated = new ArrayList<>();
        new CRDGenerator()
                .customResourceClasses(List.of(type))
                .forCRDVersions("v1")
                .withOutput(new CRDGenerator.AbstractCRDOutput<>() {
                    @Override
                    protected OutputStream createStreamFor(String crdName) {
                        return new ByteArrayOutputStream();
                    }
                })
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String version) {
                        generated.add(crd);
                        return crd;
                    }
                })
                .detailedGenerate();
        return Json.MAPPER.valueToTree(generated.get(0));
    }

    private static void spec(Schema spec) {
        CoreSchemas.labelSelector(spec.at("selector"));
        spec.at("workloads.kinds").set(16).notEmpty();
        spec.at("workloads.names").set(64).notEmpty().at("[]").text(TextPattern.NAME_PATTERN, 253);
        volumes(spec);
        sidecars(spec.at("sidecars").keyedBy("name", 10).at("[]"));
        appContainers(spec.at("appContainers"));
        CoreSchemas.labels(spec.at("podMetadata.labels").rules(LabelRules.RESERVED_KEYS));
        spec.at("podMetadata.annotations").maxProperties(64).rules(LabelRules.KEYS, LabelRules.RESERVED_KEYS);
        spec.at("imagePullSecrets")
                .keyedBy("name", 16)
                .at("[]")
                .openAtEveryLevel()
                .required("name")
                .at("name")
                .text(TextPattern.DNS_SUBDOMAIN, 253);
        CoreSchemas.hostAliases(spec.at("hostAliases"));
        spec.at("overrides.allow").set(8);
        spec.at("rollout").rules(PaceRules.DEADLINE);
        spec.at("rollout.maxConcurrent").text(TextPattern.PERCENTAGE, 10).atLeast(1);
        CoreSchemas.labelSelector(spec.at("rollout.first"));
        spec.rules(SpecRules.ALL);
    }

    private static void volumes(Schema spec) {
        CoreSchemas.volume(spec.at("volumes").keyedBy("name", 32).at("[]").rules(VolumeRules.ONE_SOURCE));
        Schema shared = spec.at("sharedVolumes").keyedBy("name", 16);
        shared.rules(VolumeRules.UNIQUE_MOUNT_PATHS, VolumeRules.UNIQUE_ENV_VARS);
        CoreSchemas.volume(shared.at("[]").rules(VolumeRules.AT_MOST_ONE_SOURCE));
        shared.at("[]").required("name", "mountPath");
        shared.at("[].mountPath").text(TextPattern.SHARED_PATH, 512).rules(ContainerRules.NO_PARENT_STEPS);
        shared.at("[].envVar").text(TextPattern.ENV_VAR, 253);
    }

    private static void sidecars(Schema sidecar) {
        CoreSchemas.container(sidecar);
        sidecar.rules(SidecarRules.NO_RESTART_POLICY, SidecarRules.NO_RESTART_RULES)
                .rules(SidecarRules.INIT_HAS_NO);
        sidecar.at("placement").rules(SidecarRules.ONE_PLACEMENT);
        sidecar.at("placement.before").text(TextPattern.DNS_LABEL, 63);
        sidecar.at("placement.after").text(TextPattern.DNS_LABEL, 63);
    }

    private static void appContainers(Schema app) {
        app.at("include").set(32).notEmpty().at("[]").text(TextPattern.NAME_PATTERN, 63);
        app.at("exclude").set(32).at("[]").text(TextPattern.NAME_PATTERN, 63);
        CoreSchemas.env(app.at("env"));
        CoreSchemas.envFrom(app.at("envFrom"));
        CoreSchemas.volumeMounts(app.at("volumeMounts"));
        CoreSchemas.resources(app.at("defaults.resources"));
        CoreSchemas.probes(app.at("defaults"));
    }

    /** Only the operator writes the status, and a newer operator may know more words than this CRD. */
    private static void status(Schema status) {
        status.at("conditions").keyedBy("type", 16);
        Schema condition = status.at("conditions[]");
        condition.required("type", "status", "reason", "message", "lastTransitionTime");
        condition.at("type").node().remove("enum");
        condition.at("status").node().remove("enum");
        status.at("exceptions").maxItems(SidecarPolicyStatus.MAX_EXCEPTIONS);
        status.at("preview.changes").maxItems(PolicyPreview.MAX_CHANGES);
    }

    private static void orderColumns(ArrayNode columns) {
        List<JsonNode> ordered = new ArrayList<>();
        for (String name : COLUMNS) {
            columns.forEach(column -> {
                if (name.equals(Json.textAt(column, "name"))) {
                    ((ObjectNode) column).remove("priority");
                    ordered.add(column);
                }
            });
        }
        columns.removeAll().addAll(ordered);
    }

    /**
     * The generator writes minimum and maximum as 1.0, and adds an anyOf to int-or-string that only doubles the errors.
     */
    private static void tidy(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.has("x-kubernetes-int-or-string")) {
                object.remove("anyOf");
            }
            for (String key : List.of("minimum", "maximum")) {
                if (object.path(key).isNumber()) {
                    object.put(key, object.get(key).longValue());
                }
            }
        }
        node.forEach(CrdFactory::tidy);
    }
}
