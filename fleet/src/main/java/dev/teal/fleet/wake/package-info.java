/** Wakes: a gateway asks for a worker and waits until one is ready. */
@NullMarked
package dev.teal.fleet.wake;

import org.jspecify.annotations.NullMarked;
