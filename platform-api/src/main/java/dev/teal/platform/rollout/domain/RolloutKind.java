package dev.teal.platform.rollout.domain;

/** Why a version is brought in front of the clients. */
public enum RolloutKind {
    /** The first version of an endpoint: there is nothing to go back to, so nothing to bake against. */
    INITIAL,
    /** Another version takes over from the active one. */
    RELEASE,
    /** Back to the version that stands by. It has been live before, so it skips the gate and the bake. */
    ROLLBACK
}
