package dev.teal.fleet.scale.domain;

import org.jspecify.annotations.Nullable;

/**
 * How many workers an environment should have.
 *
 * @param why in words, with the numbers
 * @param panicSinceNanos to be given to the next decision
 */
public record Decision(int desired, String why, @Nullable Long panicSinceNanos) {}
