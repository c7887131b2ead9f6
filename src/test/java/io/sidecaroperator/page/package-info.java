@NullMarked
package io.sidecaroperator.page;

import org.jspecify.annotations.NullMarked;
