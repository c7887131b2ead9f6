@NullMarked
package io.sidecaroperator.operator.controller;

import org.jspecify.annotations.NullMarked;
