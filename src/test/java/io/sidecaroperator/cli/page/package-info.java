@NullMarked
package io.sidecaroperator.cli.page;

import org.jspecify.annotations.NullMarked;
