@NullMarked
package io.sidecaroperator.core.rollout;

import org.jspecify.annotations.NullMarked;
