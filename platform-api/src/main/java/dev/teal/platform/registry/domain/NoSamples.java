package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The version was registered without golden samples. */
public final class NoSamples extends Refused {
    public NoSamples(String model, String version) {
        super(
                Kind.UNKNOWN,
                "The version has no golden samples",
                "Version '" + version + "' of '" + model + "' was registered without golden samples.");
    }
}
