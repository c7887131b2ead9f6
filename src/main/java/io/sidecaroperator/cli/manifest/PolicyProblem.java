package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.policy.validation.Finding;
import io.sidecaroperator.yaml.Document;

/**
 * A finding about an object of a file.
 *
 * @param document the document that contains the object
 * @param where the place of the object, as messages begin
 * @param object its name, as in {@code SidecarPolicy logs}
 */
public record PolicyProblem(Document document, String where, String object, Finding finding) {}
