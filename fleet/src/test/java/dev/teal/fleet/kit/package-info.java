/** A control plane and workers that do as a test says. */
@NullMarked
package dev.teal.fleet.kit;

import org.jspecify.annotations.NullMarked;
