@NullMarked
package io.sidecaroperator.tree;

import org.jspecify.annotations.NullMarked;
