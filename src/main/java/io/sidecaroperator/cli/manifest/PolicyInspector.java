package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.podsecurity.PodSecurityLevel;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyCost;
import io.sidecaroperator.core.policy.validation.Finding;
import io.sidecaroperator.core.policy.validation.Severity;
import io.sidecaroperator.yaml.Document;
import io.sidecaroperator.yaml.DocumentReader;
import io.sidecaroperator.yaml.InvalidYamlException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Searches every document of files for policies and for errors in them. It continues after each error. */
public final class PolicyInspector {
    private static final Pattern LINE = Pattern.compile(", line (\\d+): ");
    private static final String GROUP = ManifestPolicies.GROUP;

    private final ManifestFiles files;
    private final Optional<PodSecurityLevel> demanded;
    private final List<CheckedPolicy> policies = new ArrayList<>();
    private final List<PolicyProblem> strays = new ArrayList<>();
    private final List<PolicyFindings.Unreadable> unreadable = new ArrayList<>();
    private final Map<String, ManifestObject> byName = new HashMap<>();
    private final Map<String, String> fileOf = new HashMap<>();
    private int others;

    /**
     * @param demanded the Pod Security level that must accept what the policies add
     */
    public PolicyInspector(ManifestFiles files, Optional<PodSecurityLevel> demanded) {
        this.files = files;
        this.demanded = demanded;
    }

    /** Returns all findings in these sources. */
    public PolicyFindings inspect(List<Source> sources) {
        sources.forEach(this::source);
        return new PolicyFindings(policies, strays, others, unreadable);
    }

    private void source(Source source) {
        try (DocumentReader reader = new DocumentReader(source.name(), files.open(source))) {
            reader.forEachRemaining(this::document);
        } catch (InvalidYamlException e) {
            String message = String.valueOf(e.getMessage());
            Matcher line = LINE.matcher(message);
            unreadable.add(new PolicyFindings.Unreadable(
                    source.name(), line.find() ? Integer.parseInt(line.group(1)) : 0, message));
        } catch (IOException e) {
            String message = String.valueOf(ManifestFiles.failure(source, e).getMessage());
            unreadable.add(new PolicyFindings.Unreadable(source.name(), 0, message));
        } catch (InputException e) {
            unreadable.add(new PolicyFindings.Unreadable(source.name(), 0, String.valueOf(e.getMessage())));
        }
    }

    private void document(Document document) {
        List<ManifestObject> objects;
        try {
            objects = ManifestObject.of(List.of(document));
        } catch (InputException e) {
            others++;
            String message = String.valueOf(e.getMessage()).replace(document.where() + ": ", "");
            stray(document, document.where(), "document", warning("", "NoObject", message));
            return;
        }
        objects.forEach(object -> object(document, object));
    }

    private void object(Document document, ManifestObject object) {
        boolean ours = object.group().equals(GROUP);
        boolean called = ManifestPolicies.isPolicy(object);
        if (ours && called) {
            policies.add(policy(document, object));
            return;
        }
        others++;
        if (ours) {
            String kind = ManifestPolicies.KINDS.stream()
                    .min(Comparator.comparingInt(known -> DidYouMean.distance(known, object.kind())))
                    .orElse("");
            stray(
                    document,
                    object.where(),
                    object.name(),
                    warning(
                            "kind",
                            "UnknownKind",
                            GROUP + " has no kind " + object.kind() + ", so this is no policy"
                                    + DidYouMean.suggestion(object.kind(), kind)));
        } else if (called) {
            stray(
                    document,
                    object.where(),
                    object.name(),
                    warning(
                            "apiVersion",
                            "OtherGroup",
                            object.apiVersion()
                                    + " is not of group " + GROUP + ", so this is no policy"
                                    + DidYouMean.suggestion(object.group(), GROUP)));
        }
    }

    private CheckedPolicy policy(Document document, ManifestObject object) {
        List<Finding> findings = new ArrayList<>(Crds.validator().validate(object.tree()));
        if (!object.apiVersion().equals(ManifestPolicies.API_VERSION)
                && findings.stream().noneMatch(finding -> finding.path().equals("apiVersion"))) {
            findings.add(error("apiVersion", "ApiVersion", "must be " + ManifestPolicies.API_VERSION));
        }
        String namespace = Json.textAt(object.tree().path("metadata"), "namespace");
        String key = (namespace == null ? "" : namespace + "/") + object.name();
        ManifestObject other = byName.putIfAbsent(key, object);
        fileOf.putIfAbsent(key, document.file());
        if (other != null && !other.tree().equals(object.tree())) {
            // Two files may be for two clusters; two documents of one file are not.
            String message = "is also, and not the same, in " + other.where();
            boolean sameFile = document.file().equals(fileOf.get(key));
            findings.add(
                    sameFile
                            ? error("metadata.name", "Duplicate", message)
                            : warning("metadata.name", "Duplicate", message));
        }
        Optional<CompiledPolicy> compiled = findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR)
                ? Optional.empty()
                : compile(object, findings);
        compiled.ifPresent(sound -> security(sound, findings));
        List<PolicyProblem> problems = findings.stream()
                .map(finding -> new PolicyProblem(document, object.where(), object.name(), finding))
                .toList();
        return new CheckedPolicy(document, object.where(), object.name(), compiled, problems);
    }

    /** Compiles a policy. One without a namespace is for any namespace, and is compiled as if it were in one. */
    private static Optional<CompiledPolicy> compile(ManifestObject object, List<Finding> findings) {
        ObjectNode copy = object.tree().deepCopy();
        if (Json.textAt(copy.path("metadata"), "namespace") == null) {
            copy.withObject("/metadata").put("namespace", "default");
        }
        try {
            return Optional.of(PolicyCompiler.compile(copy));
        } catch (IllegalArgumentException e) {
            findings.add(error("spec", "DoesNotCompile", String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private void security(CompiledPolicy policy, List<Finding> findings) {
        demanded.ifPresent(level -> PolicyCost.violations(policy, level)
                .forEach(violation -> findings.add(error(
                        violation.where().startsWith("volume") ? "spec" : "spec.sidecars",
                        "PodSecurity",
                        "Pod Security level " + level + ": " + violation))));
    }

    private void stray(Document document, String where, String object, Finding finding) {
        strays.add(new PolicyProblem(document, where, object, finding));
    }

    private static Finding warning(String path, String code, String message) {
        return new Finding(Severity.WARNING, path, code, message);
    }

    private static Finding error(String path, String code, String message) {
        return new Finding(Severity.ERROR, path, code, message);
    }
}
