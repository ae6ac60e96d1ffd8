package dev.teal.platform.rollout;

import java.util.UUID;

/** A rollout has another state; published in the transaction that says so. */
public record RolloutMoved(UUID id) {}
