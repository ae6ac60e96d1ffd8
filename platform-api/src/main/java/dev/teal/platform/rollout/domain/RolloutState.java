package dev.teal.platform.rollout.domain;

import java.util.Locale;

/** The names of a rollout's states, as the API and the database say them. */
public enum RolloutState {
    PENDING,
    PROVISIONING,
    WARMING,
    TESTING,
    SHADOWING,
    HELD,
    SWITCHING,
    BAKING,
    ROLLING_BACK,
    SUCCEEDED,
    FAILED,
    ABORTED,
    SUPERSEDED,
    EXPIRED,
    ROLLED_BACK;

    public boolean ended() {
        return compareTo(SUCCEEDED) >= 0;
    }

    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
