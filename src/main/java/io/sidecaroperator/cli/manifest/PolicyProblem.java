package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.policy.validation.Finding;
import io.sidecaroperator.yaml.Document;

/**
 * A finding about an object of a file.
 *
 * @param document the document that the object is in
 * @param where the place of the object, as messages begin
 * @param object what it is called, as in {@code SidecarPolicy logs}
 */
public record PolicyProblem(Document document, String where, String object, Finding finding) {}
