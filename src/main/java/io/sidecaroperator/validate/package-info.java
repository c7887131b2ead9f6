/** Findings about a policy: path, code, message. What the CRD's schema says, without a server. */
@NullMarked
package io.sidecaroperator.validate;

import org.jspecify.annotations.NullMarked;
