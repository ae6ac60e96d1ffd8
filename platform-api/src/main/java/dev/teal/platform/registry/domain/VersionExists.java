package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;
import java.util.Map;

/** The version is there with other bytes, and versions never change. */
public final class VersionExists extends Refused {
    private final String existingDigest;

    /** @param what is different: artifact or golden samples */
    public VersionExists(ModelVersion existing, String what) {
        super(
                Kind.CONFLICT,
                "The version is there with other bytes",
                "Version '" + existing.version() + "' of '" + existing.model() + "' is there with another " + what
                        + ", and versions never change; its artifact is " + existing.digest()
                        + ". Upload this as another version, or leave 'version' out to get the next number.");
        existingDigest = existing.digest();
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("existingDigest", existingDigest);
    }
}
