/** The messages of the Open Inference Protocol's gRPC service, read and written by hand: {@code inference.proto} says their fields. */
@NullMarked
package dev.teal.protocol.grpc;

import org.jspecify.annotations.NullMarked;
