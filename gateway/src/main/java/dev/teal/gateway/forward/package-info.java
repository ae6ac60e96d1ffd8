/** The way of a request from its path to its answer, repeats included. */
@NullMarked
package dev.teal.gateway.forward;

import org.jspecify.annotations.NullMarked;
