/** Findings about a policy: path, code, message. Checks what the CRD's schema says, without a server. */
@NullMarked
package io.sidecaroperator.core.policy.validation;

import org.jspecify.annotations.NullMarked;
