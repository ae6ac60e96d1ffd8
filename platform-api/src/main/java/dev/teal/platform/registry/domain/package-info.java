/** A model version as a value, and why one is refused. */
@NullMarked
package dev.teal.platform.registry.domain;

import org.jspecify.annotations.NullMarked;
