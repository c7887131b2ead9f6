/**
 * Views over JSON trees with the meaning that Kubernetes gives them: pod templates, keyed lists, quantities, selectors,
 * patches.
 */
@NullMarked
package io.sidecaroperator.core.json;

import org.jspecify.annotations.NullMarked;
