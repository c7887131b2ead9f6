@NullMarked
package io.sidecaroperator.core.json;

import org.jspecify.annotations.NullMarked;
