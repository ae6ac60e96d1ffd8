/** Deadlines and back-off. */
@NullMarked
package dev.teal.gateway.timing;

import org.jspecify.annotations.NullMarked;
