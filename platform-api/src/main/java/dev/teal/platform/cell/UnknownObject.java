package dev.teal.platform.cell;

import dev.teal.platform.problem.domain.Refused;

/** Nothing with this digest is stored. */
final class UnknownObject extends Refused {
    private static final long serialVersionUID = 1;

    UnknownObject(String digest) {
        super(Kind.UNKNOWN, "There is no such object", "nothing with digest " + digest + " is stored");
    }
}
