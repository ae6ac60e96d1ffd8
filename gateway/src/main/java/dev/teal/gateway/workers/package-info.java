/** Connections to workers, and one call to one of them. */
@NullMarked
package dev.teal.gateway.workers;

import org.jspecify.annotations.NullMarked;
