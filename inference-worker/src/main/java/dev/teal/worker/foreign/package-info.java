/** Calls of native functions: the one stub that all of them go through. */
@NullMarked
package dev.teal.worker.foreign;

import org.jspecify.annotations.NullMarked;
