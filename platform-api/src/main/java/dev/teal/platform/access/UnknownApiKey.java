package dev.teal.platform.access;

import dev.teal.platform.problem.domain.Refused;

/** No key has that id. */
final class UnknownApiKey extends Refused {
    UnknownApiKey(String id) {
        super(Kind.UNKNOWN, "No key has that id", "No key has the id '" + id + "'. GET /api/v1/api-keys lists them.");
    }
}
