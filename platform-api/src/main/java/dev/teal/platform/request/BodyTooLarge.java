package dev.teal.platform.request;

import dev.teal.platform.problem.domain.Refused;
import java.util.Map;

/** More bytes than a JSON body may have. */
final class BodyTooLarge extends Refused {
    private final long limitBytes;

    BodyTooLarge(long limitBytes) {
        super(Kind.TOO_LARGE, "The body is too large", "The body may have " + limitBytes + " bytes at most.");
        this.limitBytes = limitBytes;
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("limitBytes", limitBytes);
    }
}
