package dev.teal.platform.routing;

import dev.teal.protocol.cell.EnvironmentState;

/** Which endpoint an environment belongs to, and what is in it. */
public record Placement(String endpoint, EnvironmentState environment) {}
