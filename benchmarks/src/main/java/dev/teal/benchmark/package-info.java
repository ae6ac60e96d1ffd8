/** Measures the worker as it is run, as a process on a core of its own, beside what it is to be compared with. */
@NullMarked
package dev.teal.benchmark;

import org.jspecify.annotations.NullMarked;
