/** The three calls to the fleet: which workers are ready, wake one, and how much is asked for. */
@NullMarked
package dev.teal.gateway.fleet;

import org.jspecify.annotations.NullMarked;
