/** Logs of one JSON object a line on standard output, behind SLF4J: a worker has no logging framework to load. */
@NullMarked
package dev.teal.worker.log;

import org.jspecify.annotations.NullMarked;
