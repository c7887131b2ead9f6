@NullMarked
package io.sidecaroperator.podsecurity;

import org.jspecify.annotations.NullMarked;
