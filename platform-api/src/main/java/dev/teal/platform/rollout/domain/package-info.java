/** What a rollout may do: states, signals, guards and effects as values; no clock, no database, no framework. */
@NullMarked
package dev.teal.platform.rollout.domain;

import org.jspecify.annotations.NullMarked;
