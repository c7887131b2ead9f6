/** Tests of YAML: kubectl is the measure for reading, and all readers are the measure for writing. */
@NullMarked
package io.sidecaroperator.yaml;

import org.jspecify.annotations.NullMarked;
