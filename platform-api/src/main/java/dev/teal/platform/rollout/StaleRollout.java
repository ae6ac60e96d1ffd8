package dev.teal.platform.rollout;

/** Somebody else moved the rollout or its endpoint between our look and our write. Looking again is always right. */
final class StaleRollout extends RuntimeException {
    private static final long serialVersionUID = 1;

    StaleRollout(String message) {
        super(message);
    }
}
