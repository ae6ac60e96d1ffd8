/** The event loop that all connections of a worker share. */
@NullMarked
package dev.teal.worker.network;

import org.jspecify.annotations.NullMarked;
