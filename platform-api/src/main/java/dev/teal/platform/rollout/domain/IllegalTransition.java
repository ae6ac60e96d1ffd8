package dev.teal.platform.rollout.domain;

/** A command that the rollout can't follow in its state. */
public final class IllegalTransition extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final RolloutState state;

    IllegalTransition(Rollout rollout, String because) {
        super(because);
        this.state = rollout.state();
    }

    public RolloutState state() {
        return state;
    }
}
