package dev.teal.platform.rollout.domain;

import dev.teal.protocol.Color;
import java.time.Duration;

/** What a step changes beside the rollout itself. All effects of a step are one transaction with it. */
public sealed interface Effect {
    /** The plan's version goes into its environment, or is kept there where it stands by. */
    record Assign(Color color, String version, int warmWorkers) implements Effect {}

    /** The environment keeps this many workers, whatever the configuration's minimum. */
    record Warm(Color color, int workers) implements Effect {}

    /** Proven, not yet live. */
    record MarkReady(Color color) implements Effect {}

    /** PREPARE: the next route is told, not in force. */
    record SetNext(long generation, Color color) implements Effect {}

    /** The next route is taken back; its generation is never used. */
    record ClearNext() implements Effect {}

    /**
     * COMMIT: all live traffic to {@code color}; the other color, if it was live, stands by.
     *
     * @param standby from now; the other color serves late arrivals meanwhile
     */
    record Commit(long generation, Color color, Duration standby) implements Effect {}

    /** The color stands by from now for this long. */
    record KeepStandby(Color color, Duration standby) implements Effect {}

    /** The environment takes nothing new; it is empty once its workers have stopped. */
    record Drain(Color color) implements Effect {}

    /** What the endpoint is declared to run, so that the same declaration again changes nothing. */
    record Desire(String version) implements Effect {}
}
