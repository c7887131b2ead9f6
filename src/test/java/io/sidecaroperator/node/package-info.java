/** Tests on a real node: what only containers that run can show. */
@NullMarked
package io.sidecaroperator.node;

import org.jspecify.annotations.NullMarked;
