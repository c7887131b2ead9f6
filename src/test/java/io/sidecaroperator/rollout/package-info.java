@NullMarked
package io.sidecaroperator.rollout;

import org.jspecify.annotations.NullMarked;
