/** Reading is measured by what kubectl makes of a text, writing by what every reader makes of ours. */
@NullMarked
package io.sidecaroperator.yaml;

import org.jspecify.annotations.NullMarked;
