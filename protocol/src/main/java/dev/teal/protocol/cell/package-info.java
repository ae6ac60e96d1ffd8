/** The cell protocol: what the control plane tells a cell, what the cell answers, and how gateway and fleet speak to each other. */
@NullMarked
package dev.teal.protocol.cell;

import org.jspecify.annotations.NullMarked;
