package dev.teal.platform.rollout.domain;

import dev.teal.platform.problem.domain.Refused;
import java.util.Map;

/** A command that the rollout can't follow in its state. */
public final class IllegalTransition extends Refused {
    private static final long serialVersionUID = 1;
    private final RolloutState state;

    IllegalTransition(Rollout rollout, String because) {
        super(Kind.CONFLICT, "The rollout cannot do that now", because);
        this.state = rollout.state();
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("state", state.name());
    }
}
