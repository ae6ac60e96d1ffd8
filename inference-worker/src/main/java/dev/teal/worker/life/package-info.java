/** A worker's life: its state, what it holds, and the one lock under which requests are admitted and draining begins. */
@NullMarked
package dev.teal.worker.life;

import org.jspecify.annotations.NullMarked;
