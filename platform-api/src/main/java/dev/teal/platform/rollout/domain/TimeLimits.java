package dev.teal.platform.rollout.domain;

import java.time.Duration;

/** How long a rollout may stay where it is. At a limit it ends or goes back, it never goes on. */
final class TimeLimits {
    static final Duration PENDING = Duration.ofMinutes(60);
    static final Duration PROVISIONING = Duration.ofMinutes(10);
    static final Duration WARMING = Duration.ofMinutes(10);
    static final Duration TESTING = Duration.ofMinutes(15);
    static final Duration SHADOWING = Duration.ofMinutes(60);
    static final Duration HELD = Duration.ofHours(24);
    static final Duration PREPARING = Duration.ofSeconds(30);
    /** From the commit, or from when a gateway came back, whichever is later. */
    static final Duration ACKNOWLEDGE = Duration.ofSeconds(30);

    /** A report comes at once when something changes; this only bounds the wait for what nobody reports, such as the end of a lease. */
    static final Duration LOOK_SOON = Duration.ofSeconds(1);

    static final Duration LOOK_LATER = Duration.ofSeconds(5);

    private TimeLimits() {}

    static String words(Duration limit) {
        return limit.toMinutes() > 0 ? limit.toMinutes() + " minutes" : limit.toSeconds() + " seconds";
    }
}
