/** The Open Inference Protocol by gRPC: messages pass through as bytes, and go to workers the way that REST's do. */
@NullMarked
package dev.teal.gateway.grpc;

import org.jspecify.annotations.NullMarked;
