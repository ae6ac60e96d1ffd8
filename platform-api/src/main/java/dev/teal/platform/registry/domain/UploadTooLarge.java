package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;
import java.util.LinkedHashMap;
import java.util.Map;

/** A part has more bytes than are taken. */
public final class UploadTooLarge extends Refused {
    private final String part;
    private final long limitBytes;

    public UploadTooLarge(String part, long limitBytes) {
        super(
                Kind.TOO_LARGE,
                "A part is too large",
                "The part '" + part + "' may have " + limitBytes + " bytes at most.");
        this.part = part;
        this.limitBytes = limitBytes;
    }

    @Override
    public Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("part", part);
        properties.put("limitBytes", limitBytes);
        return properties;
    }
}
