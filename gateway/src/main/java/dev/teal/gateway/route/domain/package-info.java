/** Paths, endpoints and the pick of a color, as values and functions. */
@NullMarked
package dev.teal.gateway.route.domain;

import org.jspecify.annotations.NullMarked;
