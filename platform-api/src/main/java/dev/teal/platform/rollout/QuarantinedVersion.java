package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;
import java.util.Map;

/** A declaration names a version that was rolled back automatically: applying it again and again must not bring it back each time. */
public final class QuarantinedVersion extends Refused {
    private static final long serialVersionUID = 1;
    private final RolloutRow rolledBack;

    public QuarantinedVersion(RolloutRow rolledBack) {
        super(
                Kind.CONFLICT,
                "The version is in quarantine",
                "version " + rolledBack.rollout().plan().version() + " was rolled back automatically: "
                        + rolledBack.rollout().reason()
                        + "; if you want it all the same, ask for it with POST /api/v1/endpoints/"
                        + rolledBack.endpoint() + "/rollouts");
        this.rolledBack = rolledBack;
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of(
                "rollout",
                rolledBack.id().toString(),
                "next",
                Map.of("rollout", "/api/v1/rollouts/" + rolledBack.id()));
    }
}
