/** Makes what runs equal to what is wanted: one reconciler over all workers. */
@NullMarked
package dev.teal.fleet.run;

import org.jspecify.annotations.NullMarked;
