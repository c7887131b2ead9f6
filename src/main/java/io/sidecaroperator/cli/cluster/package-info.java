/**
 * A cluster as the person at the terminal sees it: with the rights of a kubeconfig, and only the requests that are
 * needed.
 */
@NullMarked
package io.sidecaroperator.cli.cluster;

import org.jspecify.annotations.NullMarked;
