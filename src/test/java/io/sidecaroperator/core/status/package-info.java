@NullMarked
package io.sidecaroperator.core.status;

import org.jspecify.annotations.NullMarked;
