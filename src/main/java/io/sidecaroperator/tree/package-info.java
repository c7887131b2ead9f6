/** Views over JSON trees as Kubernetes means them: pod templates, keyed lists, quantities, selectors, patches. */
@NullMarked
package io.sidecaroperator.tree;

import org.jspecify.annotations.NullMarked;
