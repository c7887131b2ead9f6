package io.sidecaroperator.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cli.manifest.CheckedPolicy;
import io.sidecaroperator.cli.manifest.PolicyFindings;
import io.sidecaroperator.cli.manifest.PolicyProblem;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCost;
import io.sidecaroperator.core.policy.validation.Finding;
import io.sidecaroperator.core.policy.validation.Severity;
import io.sidecaroperator.yaml.Document;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes what was found in policy files, in each format. */
final class ValidateReport {
    private ValidateReport() {}

    /** For a person: each policy with its findings or its cost, then what could not be read, then a sentence. */
    static String text(PolicyFindings findings, Style style) {
        StringBuilder text = new StringBuilder();
        for (CheckedPolicy policy : findings.policies()) {
            text.append(policy.where()).append(": ").append(style.bold(policy.name()));
            text.append(policy.compiled().map(ValidateReport::price).orElse(""));
            text.append('\n');
            policy.problems().forEach(problem -> text.append(line(problem.finding(), style)));
        }
        for (PolicyProblem stray : findings.strays()) {
            text.append(stray.where()).append(": ").append(style.bold(stray.object()));
            text.append('\n').append(line(stray.finding(), style));
        }
        findings.unreadable()
                .forEach(file -> text.append(style.bad("cannot be read"))
                        .append(": ")
                        .append(file.message())
                        .append('\n'));
        return text.append(summary(findings)).append('\n').toString();
    }

    private static String price(CompiledPolicy policy) {
        PolicyCost cost = PolicyCost.of(policy);
        String requests = new TreeMap<>(cost.addedRequests())
                .entrySet().stream()
                        .map(request -> request.getKey() + " " + request.getValue())
                        .collect(Collectors.joining(", "));
        return ": revision " + policy.revision() + ", requests "
                + (requests.isEmpty() ? "nothing more" : requests + " more") + " a pod, Pod Security "
                + cost.level();
    }

    private static String line(Finding finding, Style style) {
        boolean error = finding.severity() == Severity.ERROR;
        return "  " + (error ? style.bad("error") + "   " : style.warning("warning") + " ")
                + (finding.path().isEmpty() ? "" : finding.path() + ": ") + finding.message() + " (" + finding.code()
                + ")\n";
    }

    private static String summary(PolicyFindings findings) {
        int unreadable = findings.unreadable().size();
        return count(findings.policies().size(), "policy", "policies") + ", "
                + count(findings.count(Severity.ERROR), "error", "errors") + ", "
                + count(findings.count(Severity.WARNING), "warning", "warnings")
                + (findings.others() == 0
                        ? ""
                        : "; " + count(findings.others(), "other object is", "other objects are") + " no policy")
                + (unreadable == 0 ? "" : "; " + count(unreadable, "file", "files") + " cannot be read to the end");
    }

    /** For GitHub: a workflow command for each finding, at the line of its document, then the sentence. */
    static String github(PolicyFindings findings) {
        StringBuilder text = new StringBuilder();
        findings.problems().forEach(problem -> {
            Finding finding = problem.finding();
            Document document = problem.document();
            command(
                    text,
                    finding.severity() == Severity.ERROR ? "error" : "warning",
                    "file=" + property(document.file()) + ",line=" + document.line() + ",title="
                            + property(problem.object()),
                    (finding.path().isEmpty() ? "" : finding.path() + ": ") + finding.message());
        });
        findings.unreadable()
                .forEach(file -> command(
                        text,
                        "error",
                        "file=" + property(file.file()) + (file.line() > 0 ? ",line=" + file.line() : ""),
                        file.message()));
        return text.append(summary(findings)).append('\n').toString();
    }

    private static void command(StringBuilder text, String command, String properties, String message) {
        text.append("::")
                .append(command)
                .append(' ')
                .append(properties)
                .append("::")
                .append(data(message))
                .append('\n');
    }

    /** Escapes characters that would end the line or that GitHub would read as an escape. */
    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }

    /** For a program. The help of the command lists the names. */
    static String json(PolicyFindings findings) {
        ObjectNode root = Json.object();
        ArrayNode policies = root.putArray("policies");
        for (CheckedPolicy policy : findings.policies()) {
            ObjectNode node = policies.addObject();
            place(node, policy.document());
            node.put("policy", policy.name());
            policy.compiled().ifPresent(compiled -> {
                PolicyCost cost = PolicyCost.of(compiled);
                node.put("revision", compiled.revision())
                        .put("podSecurity", cost.level().toString());
                ObjectNode requests = node.putObject("addedRequests");
                new TreeMap<>(cost.addedRequests()).forEach(requests::put);
            });
            findings(node.putArray("findings"), policy.problems());
        }
        findings(root.putArray("findings"), findings.problems().toList());
        ArrayNode unreadable = root.putArray("unreadable");
        findings.unreadable().forEach(file -> {
            ObjectNode node = unreadable.addObject().put("file", file.file());
            if (file.line() > 0) {
                node.put("line", file.line());
            }
            node.put("message", file.message());
        });
        root.put("otherObjects", findings.others())
                .put("errors", findings.count(Severity.ERROR))
                .put("warnings", findings.count(Severity.WARNING));
        return Json.text(root) + "\n";
    }

    private static void findings(ArrayNode array, List<PolicyProblem> problems) {
        for (PolicyProblem problem : problems) {
            Finding finding = problem.finding();
            ObjectNode node = array.addObject();
            place(node, problem.document());
            node.put("object", problem.object())
                    .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                    .put("path", finding.path())
                    .put("code", finding.code())
                    .put("message", finding.message());
        }
    }

    private static void place(ObjectNode node, Document document) {
        node.put("file", document.file()).put("document", document.number()).put("line", document.line());
    }

    private static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
