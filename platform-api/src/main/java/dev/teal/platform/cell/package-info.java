/** The cells' side of the control plane: what gateways and fleets ask, fetch and report. */
@NullMarked
package dev.teal.platform.cell;

import org.jspecify.annotations.NullMarked;
