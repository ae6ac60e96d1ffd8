/** The route table in force: one immutable object, swapped by reference, and what is read off it. */
@NullMarked
package dev.teal.gateway.route;

import org.jspecify.annotations.NullMarked;
