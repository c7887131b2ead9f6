/** Manifests: files of YAML or JSON in, the same documents with or without sidecars out. No cluster is asked. */
@NullMarked
package io.sidecaroperator.cli.manifest;

import org.jspecify.annotations.NullMarked;
