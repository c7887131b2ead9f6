@NullMarked
package io.sidecaroperator.preview;

import org.jspecify.annotations.NullMarked;
