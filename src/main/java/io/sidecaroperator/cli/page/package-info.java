/** The page of {@code explain --html}: values in, one self-contained HTML document out. */
@NullMarked
package io.sidecaroperator.cli.page;

import org.jspecify.annotations.NullMarked;
