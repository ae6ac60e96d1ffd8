package dev.teal.gateway.workers;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as a worker gets it.
 *
 * @param path as the caller wrote the endpoint's name, without a version: the digest says which one
 * @param digest that the worker must run
 * @param passed headers as the caller wrote them
 */
public record InferRequest(
        String path,
        String digest,
        long generation,
        byte[] body,
        Map<String, String> passed,
        String traceparent,
        @Nullable String tracestate) {}
