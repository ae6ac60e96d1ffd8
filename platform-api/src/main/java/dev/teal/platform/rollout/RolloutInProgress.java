package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;
import java.util.Map;

/** One rollout per endpoint at a time; the refusal names the one that is open. */
public final class RolloutInProgress extends Refused {
    private static final long serialVersionUID = 1;
    private final RolloutRow open;

    public RolloutInProgress(RolloutRow open, String whatToDo) {
        super(
                Kind.CONFLICT,
                "A rollout is in progress",
                "rollout " + open.id() + " to version " + open.rollout().plan().version() + " of endpoint \""
                        + open.endpoint() + "\" is " + open.rollout().state().words() + "; " + whatToDo);
        this.open = open;
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of(
                "rollout",
                open.id().toString(),
                "state",
                open.rollout().state().name(),
                "version",
                open.rollout().plan().version(),
                "next",
                Map.of(
                        "rollout",
                        "/api/v1/rollouts/" + open.id(),
                        "abort",
                        "/api/v1/rollouts/" + open.id() + "/abort"));
    }
}
