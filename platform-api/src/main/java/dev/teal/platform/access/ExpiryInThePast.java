package dev.teal.platform.access;

import dev.teal.platform.problem.domain.Refused;
import java.time.Instant;
import java.util.Map;

/** A key can't expire before it is made. */
final class ExpiryInThePast extends Refused {
    ExpiryInThePast(Instant expiresAt, Instant now) {
        super(
                Kind.INVALID,
                "The expiry is in the past",
                "'expiresAt' must be after now, " + now + "; got " + expiresAt + ".");
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("field", "expiresAt");
    }
}
