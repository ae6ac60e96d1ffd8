package dev.teal.protocol;

import java.util.Locale;
import java.util.Optional;

/** Why a worker did not begin a request; the value of {@link TealHeaders#REFUSED} on its 503. */
public enum Refusal {
    DRAINING,
    SATURATED,
    WRONG_DIGEST,
    EXPIRED;

    public String headerValue() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Refusal> of(String headerValue) {
        for (Refusal refusal : values()) {
            if (refusal.headerValue().equals(headerValue)) {
                return Optional.of(refusal);
            }
        }
        return Optional.empty();
    }
}
