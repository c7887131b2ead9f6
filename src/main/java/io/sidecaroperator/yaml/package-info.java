/** Multi-document YAML and JSON as kubectl reads it, and as every reader reads it back. */
@NullMarked
package io.sidecaroperator.yaml;

import org.jspecify.annotations.NullMarked;
