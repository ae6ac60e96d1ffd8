package dev.teal.protocol.cell;

import dev.teal.protocol.Color;
import org.jspecify.annotations.Nullable;

/**
 * Live requests of one endpoint, generation and color that a gateway answered, cumulative.
 *
 * @param failures answers of 5xx and time-outs, part of {@code requests}
 * @param latency HdrHistogram of microseconds from arrival to answer, in its compressed V2 form in base64; null while empty
 */
public record TrafficCount(
        String endpoint,
        long generation,
        Color color,
        long requests,
        long failures,
        @Nullable String latency) {}
