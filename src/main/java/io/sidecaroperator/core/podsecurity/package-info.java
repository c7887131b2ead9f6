/**
 * What a namespace requires of every pod in it: Pod Security Standards and LimitRanges, checked as the API server does.
 */
@NullMarked
package io.sidecaroperator.core.podsecurity;

import org.jspecify.annotations.NullMarked;
