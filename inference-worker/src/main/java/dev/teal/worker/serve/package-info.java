/** Answers over Unix sockets: HTTP connections, the Open Inference Protocol, and the queue between the network and the model. */
@NullMarked
package dev.teal.worker.serve;

import org.jspecify.annotations.NullMarked;
