/** The whole system as processes: what a user is told must be so, seen from outside. */
@NullMarked
package dev.teal.e2e;

import org.jspecify.annotations.NullMarked;
