package dev.teal.protocol.cell;

import org.jspecify.annotations.Nullable;

/**
 * A ready worker, as gateways are told of it.
 *
 * @param address {@code unix:/path/to.sock} or {@code http://host:port}
 * @param concurrency runs that it computes at once
 * @param rows of one run, where somebody says that requests are to be computed together; 1 where nobody does; null: a fleet of before it was told
 */
public record WorkerAddress(
        String id,
        String environment,
        String digest,
        String address,
        int concurrency,
        @Nullable Integer rows) {}
