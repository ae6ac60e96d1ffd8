/** A server as a team would write it in an afternoon, to compare with. */
@NullMarked
package dev.teal.benchmark.naive;

import org.jspecify.annotations.NullMarked;
