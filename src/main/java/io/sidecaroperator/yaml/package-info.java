/** Multi-document YAML and JSON as kubectl reads it, written so that every reader reads it back alike. */
@NullMarked
package io.sidecaroperator.yaml;

import org.jspecify.annotations.NullMarked;
