/** From an admitted request to its answer: the queue, the batches, the model. Knows nothing of how requests travel. */
@NullMarked
package dev.teal.worker.run;

import org.jspecify.annotations.NullMarked;
