package dev.teal.platform.change;

import dev.teal.platform.problem.domain.Refused;

/** The header {@code Idempotency-Key} is not usable. */
final class InvalidIdempotencyKey extends Refused {
    InvalidIdempotencyKey(int longest) {
        super(
                Kind.MALFORMED,
                "The Idempotency-Key is not usable",
                "Idempotency-Key must be 1 to " + longest + " ASCII characters, best a random UUID.");
    }
}
