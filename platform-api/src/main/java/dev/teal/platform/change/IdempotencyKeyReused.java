package dev.teal.platform.change;

import dev.teal.platform.problem.domain.Refused;

/** The key belongs to another call. */
final class IdempotencyKeyReused extends Refused {
    IdempotencyKeyReused() {
        super(
                Kind.INVALID,
                "The Idempotency-Key belongs to another call",
                "This Idempotency-Key was used in the last 24 hours with another method, path or body. Take a new key for a new call.");
    }
}
