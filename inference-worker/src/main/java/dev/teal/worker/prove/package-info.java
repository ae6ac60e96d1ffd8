/** From an assignment to a proven model: verify, load, compare, warm up, reproduce the golden answers. */
@NullMarked
package dev.teal.worker.prove;

import org.jspecify.annotations.NullMarked;
