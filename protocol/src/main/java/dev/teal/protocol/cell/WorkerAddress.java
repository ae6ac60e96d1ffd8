package dev.teal.protocol.cell;

/**
 * A ready worker, as gateways are told of it.
 *
 * @param address {@code unix:/path/to.sock} or {@code http://host:port}
 * @param concurrency requests that it computes at once
 */
public record WorkerAddress(String id, String environment, String digest, String address, int concurrency) {}
