package dev.teal.platform.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of a rollout's timeline. */
public record Transition(int number, Instant at, @Nullable String from, String to, String actor, String reason) {}
