package dev.teal.platform.rollout.domain;

/** What makes a rollout move: a command, or a look at what the cell reports (the {@link Sight} that comes with each signal). */
public sealed interface Signal {
    /** Time went by, or something was reported: see where things stand. */
    record Look() implements Signal {}

    /** A held rollout may switch. */
    record Promote() implements Signal {}

    /** Give up before the switch; the route was never touched. */
    record Abort(String reason) implements Signal {}

    /** Take the switch back. */
    record RollBack(String reason) implements Signal {}
}
