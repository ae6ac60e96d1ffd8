package dev.teal.gateway.workers;

import org.jspecify.annotations.Nullable;

/**
 * One request as a worker gets it.
 *
 * @param path as the caller wrote the endpoint's name, without a version: the digest says which one
 * @param digest that the worker must run
 * @param inferenceHeaderLength length of the JSON in front of binary tensors, as the caller said it
 */
public record InferRequest(
        String path,
        String digest,
        long generation,
        byte[] body,
        @Nullable String contentType,
        @Nullable String accept,
        @Nullable String inferenceHeaderLength,
        String traceparent,
        @Nullable String tracestate) {}
