/** The worker's process: its options, its parts put together, its end. */
@NullMarked
package dev.teal.worker;

import org.jspecify.annotations.NullMarked;
