@NullMarked
package io.sidecaroperator.status;

import org.jspecify.annotations.NullMarked;
