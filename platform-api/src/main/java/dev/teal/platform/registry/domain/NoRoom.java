package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The disk of the store is full. */
public final class NoRoom extends Refused {
    public NoRoom() {
        super(
                Kind.NO_ROOM,
                "There is no room for the upload",
                "The disk of the artifact store is full. Nothing of this upload was kept; free some space and send it again.");
    }
}
