/** The fleet's place in its cell: who it is, its key, its state directory, the control plane it follows. */
@NullMarked
package dev.teal.fleet.cell;

import org.jspecify.annotations.NullMarked;
