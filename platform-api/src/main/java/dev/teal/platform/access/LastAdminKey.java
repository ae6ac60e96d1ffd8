package dev.teal.platform.access;

import dev.teal.platform.problem.domain.Refused;

/** Without it nobody could make keys any more. */
final class LastAdminKey extends Refused {
    LastAdminKey() {
        super(
                Kind.CONFLICT,
                "The last admin key stays",
                "This is the last admin key that does not expire. Make another one first, then revoke this one with it.");
    }
}
