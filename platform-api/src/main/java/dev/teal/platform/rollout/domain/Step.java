package dev.teal.platform.rollout.domain;

import java.time.Instant;
import java.util.List;

/**
 * What a signal leads to.
 *
 * @param next the rollout itself where nothing moved
 * @param lookAgain when to look without being told
 * @param waitingFor a sentence for people; empty once ended
 */
public record Step(Rollout next, List<Effect> effects, Instant lookAgain, String waitingFor) {
    public Step {
        effects = List.copyOf(effects);
    }
}
