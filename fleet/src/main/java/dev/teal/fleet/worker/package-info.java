/** Worker processes: how they are started, found again, spoken to and ended. */
@NullMarked
package dev.teal.fleet.worker;

import org.jspecify.annotations.NullMarked;
