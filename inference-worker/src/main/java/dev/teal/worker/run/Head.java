package dev.teal.worker.run;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a request before its body is read.
 *
 * @param model the endpoint's name
 * @param version null where it names none
 * @param digest that it must be answered by; null for any
 * @param deadlineMillis from now on; negative for none
 * @param waitedMillis for its turn before it came here
 * @param announcedBytes of its body; 0 where it does not say
 * @param proof the secret of the worker's own requests, or null
 */
public record Head(
        String model,
        @Nullable String version,
        @Nullable String digest,
        long deadlineMillis,
        long waitedMillis,
        long announcedBytes,
        @Nullable String proof) {}
