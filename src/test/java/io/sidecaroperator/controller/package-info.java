@NullMarked
package io.sidecaroperator.controller;

import org.jspecify.annotations.NullMarked;
