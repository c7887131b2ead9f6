@NullMarked
package io.sidecaroperator.core.podsecurity;

import org.jspecify.annotations.NullMarked;
