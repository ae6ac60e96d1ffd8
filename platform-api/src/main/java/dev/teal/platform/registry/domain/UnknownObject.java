package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The store has nothing under that digest. */
public final class UnknownObject extends Refused {
    public UnknownObject(String digest) {
        super(Kind.UNKNOWN, "Nothing has that digest", "No artifact and no samples have the digest '" + digest + "'.");
    }
}
