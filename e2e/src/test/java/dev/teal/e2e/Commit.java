package dev.teal.e2e;

/**
 * A route change as the control plane told it.
 *
 * @param acknowledgedNanos monotonic, when a caller of the API had been told that every gateway has it
 */
record Commit(long generation, String color, String version, String digest, long acknowledgedNanos) {}
