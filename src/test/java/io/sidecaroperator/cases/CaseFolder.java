package io.sidecaroperator.cases;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cases.CaseInput.Moment;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One golden case: policies and a workload.
 *
 * @param workload the whole manifest of {@code in.yaml}
 */
record CaseFolder(Path directory, CaseInput given, ObjectNode workload, List<ObjectNode> policies) {
    static final Path ROOT = Checkout.ROOT.resolve("src/test/resources/cases");
    static final String POLICIES = "policies.yaml";
    static final String FACTS = "facts.yaml";
    static final String IN = "in.yaml";
    static final String BEFORE = "before.yaml";
    static final String OUT = "out.yaml";
    static final String EXPLAIN = "explain.txt";
    static final String STRIPPED = "stripped.yaml";

    /** Every case, by name. */
    static List<CaseFolder> all() {
        return entries(ROOT).stream()
                .filter(Files::isDirectory)
                .map(CaseFolder::read)
                .toList();
    }

    private static CaseFolder read(Path directory) {
        try {
            return new CaseFolder(
                    directory,
                    CaseInput.of(only(directory.resolve(FACTS))),
                    only(directory.resolve(IN)),
                    documents(directory.resolve(POLICIES)));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("case " + directory.getFileName() + ": " + e.getMessage(), e);
        }
    }

    String name() {
        return String.valueOf(directory.getFileName());
    }

    /** The files that the case must have, no more and no fewer. */
    Set<String> expectedFiles() {
        Set<String> files = new TreeSet<>(Set.of(POLICIES, FACTS, IN, OUT, EXPLAIN));
        if (given.retains()) {
            files.add(STRIPPED);
        }
        if (given.isFor(Moment.Update)) {
            files.add(BEFORE);
        }
        return files;
    }

    Set<String> files() {
        Set<String> names = new TreeSet<>();
        entries(directory).forEach(path -> names.add(String.valueOf(path.getFileName())));
        return names;
    }

    WorkloadKind kind() {
        return WorkloadKind.of(workload)
                .orElseThrow(() -> new AssertionError(name() + ": " + IN + " is no workload that we know"));
    }

    ObjectNode template() {
        return templateOf(workload);
    }

    ObjectNode templateOf(ObjectNode manifest) {
        return kind().templateOf(manifest)
                .orElseThrow(() -> new AssertionError(name() + ": no pod template in " + manifest));
    }

    /** The manifest of the workload with another template. */
    ObjectNode with(ObjectNode template) {
        return kind().withTemplate(workload, template);
    }

    PolicyIndex index() {
        return PolicyIndex.of(
                policies.stream().map(PolicyCompiler::compile).toList(),
                new PolicyIndex.Terminating(given.deleting(), Set.of()));
    }

    KubernetesVersion server() {
        return given.kubernetesVersion().orElse(KubernetesVersion.NEWEST);
    }

    /** The input with the trigger of the case; without one, the reconciler's. */
    Input input() {
        return input(given.trigger().orElse(Moment.Resync));
    }

    Input input(Moment moment) {
        return new Input(
                kind().refOf(workload, "default"),
                new Input.InNamespace(given.namespaceLabels(), given.protectedNamespace(), given.limitRanges()),
                WorkloadKind.claimNames(workload),
                template(),
                kind().equals(WorkloadKind.POD),
                server(),
                trigger(moment),
                OrphanedAnnotation.of(workload));
    }

    private Trigger trigger(Moment moment) {
        return switch (moment) {
            case Resync -> new Trigger.Resync(Trigger.PermittedPolicies.ofAllBut(given.held()), Set.of());
            case Create -> new Trigger.Create();
            case Update -> new Trigger.Update(templateOf(manifest(BEFORE)));
            case Offline -> new Trigger.Offline();
            case ManagedPod -> new Trigger.ManagedPod();
        };
    }

    /**
     * The input once the result is stored: a client that writes a template removes orphaned policies that it drops from
     * the list.
     */
    Input factsOf(ObjectNode result) {
        Input input = input().withTemplate(result);
        return result.equals(template()) ? input : input.withOrphaned(Set.of());
    }

    Injection injection() {
        return Engine.CURRENT.inject(input(), index());
    }

    /** The one object of a YAML file of the case. */
    ObjectNode manifest(String file) {
        return only(directory.resolve(file));
    }

    String text(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String file, String text) {
        try {
            Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode only(Path file) {
        List<ObjectNode> documents = documents(file);
        if (documents.size() != 1) {
            throw new AssertionError(file.getFileName() + ": expected one document, found " + documents.size());
        }
        return documents.get(0);
    }

    private static List<ObjectNode> documents(Path file) {
        List<ObjectNode> objects = new ArrayList<>();
        try (DocumentReader reader =
                new DocumentReader(String.valueOf(file.getFileName()), Files.newInputStream(file))) {
            reader.forEachRemaining(document -> {
                if (!(document.content() instanceof ObjectNode object)) {
                    throw new AssertionError(document.where() + ": is no object");
                }
                objects.add(object);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(objects);
    }
}
