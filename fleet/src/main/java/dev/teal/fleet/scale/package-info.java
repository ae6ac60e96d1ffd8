/** What gateways tell of the demand, kept for as long as it decides something. */
@NullMarked
package dev.teal.fleet.scale;

import org.jspecify.annotations.NullMarked;
