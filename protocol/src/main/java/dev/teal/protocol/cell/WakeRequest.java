package dev.teal.protocol.cell;

/**
 * {@code POST /fleet/v1/environments/{id}/wake}: answered with a {@link WorkerAddress} when one is ready, however many ask.
 *
 * @param digest the version wanted
 * @param deadlineMillis how long the caller can wait
 */
public record WakeRequest(String digest, long deadlineMillis) {}
