/** Checks a route in PREPARE from this gateway's own seat. */
@NullMarked
package dev.teal.gateway.prepare;

import org.jspecify.annotations.NullMarked;
