/** The fleet: turns the environments that the control plane wants into workers. */
@NullMarked
package dev.teal.fleet;

import org.jspecify.annotations.NullMarked;
