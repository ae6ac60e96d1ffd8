/** The Open Inference Protocol's gRPC service on the worker's own sockets: HTTP/2 frames, messages, and calls at the desk. */
@NullMarked
package dev.teal.worker.grpc;

import org.jspecify.annotations.NullMarked;
