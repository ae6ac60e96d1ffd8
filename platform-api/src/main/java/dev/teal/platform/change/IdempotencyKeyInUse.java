package dev.teal.platform.change;

import dev.teal.platform.problem.domain.Refused;
import java.time.Duration;
import java.util.Optional;

/** A call with this key is still running. */
final class IdempotencyKeyInUse extends Refused {
    IdempotencyKeyInUse() {
        super(
                Kind.CONFLICT,
                "The first call is still running",
                "A call with this Idempotency-Key is running. Send it again in a second to get its answer.");
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(1));
    }
}
