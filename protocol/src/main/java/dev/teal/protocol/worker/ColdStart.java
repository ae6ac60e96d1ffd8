package dev.teal.protocol.worker;

/**
 * The phases from the wish for a worker to a ready one, in milliseconds.
 *
 * @param processMillis start of the process; 0 when an unassigned one was waiting
 */
public record ColdStart(
        long processMillis,
        long fetchMillis,
        long verifyMillis,
        long loadMillis,
        long warmUpMillis,
        long testMillis,
        long totalMillis) {}
