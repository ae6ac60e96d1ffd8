/** The orderly end: all workers and the fleet itself. */
@NullMarked
package dev.teal.fleet.stop;

import org.jspecify.annotations.NullMarked;
