/** Keeps a model from taking more than it may: memory, time, and a run that does not end. What can't be refused ends the process. */
@NullMarked
package dev.teal.worker.contain;

import org.jspecify.annotations.NullMarked;
