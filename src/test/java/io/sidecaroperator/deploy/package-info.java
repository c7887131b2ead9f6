/** Tests of the installation: the Helm chart, {@code deploy/install.yaml}, the kustomization, and the CI workflow. */
@NullMarked
package io.sidecaroperator.deploy;

import org.jspecify.annotations.NullMarked;
