/**
 * Manifests: reads YAML or JSON files and writes the same documents with or without sidecars. It does not use a
 * cluster.
 */
@NullMarked
package io.sidecaroperator.cli.manifest;

import org.jspecify.annotations.NullMarked;
