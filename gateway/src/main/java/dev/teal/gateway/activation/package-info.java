/** Requests meet workers: the least busy one, or a bounded wait until one is awake. */
@NullMarked
package dev.teal.gateway.activation;

import org.jspecify.annotations.NullMarked;
