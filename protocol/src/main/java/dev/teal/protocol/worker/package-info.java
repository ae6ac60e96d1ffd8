/** How the fleet tells a worker what to run, and what the worker tells of itself. */
@NullMarked
package dev.teal.protocol.worker;

import org.jspecify.annotations.NullMarked;
