package dev.teal.fleet.scale.domain;

import dev.teal.protocol.cell.Scaling;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision rests on.
 *
 * @param concurrency requests that one worker computes at once
 * @param desiredBefore the last decision
 * @param ready workers that are ready
 * @param wanted somebody waits for or uses a worker now
 * @param demandKnown false while a gateway is silent: then nothing may go down
 * @param idle how long nobody has wanted anything
 * @param panicSinceNanos when the last burst was seen; null: none within the stable window
 */
public record Situation(
        Scaling scaling,
        int concurrency,
        DemandHistory history,
        int desiredBefore,
        int ready,
        boolean wanted,
        boolean demandKnown,
        Duration idle,
        @Nullable Long panicSinceNanos,
        long nowNanos) {

    Optional<Long> panic(ScalePolicy policy) {
        return Optional.ofNullable(panicSinceNanos)
                .filter(since -> nowNanos - since < policy.stableWindow().toNanos());
    }
}
