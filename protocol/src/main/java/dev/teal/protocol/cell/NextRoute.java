package dev.teal.protocol.cell;

/** A route in PREPARE: not in force; gateways check that they reach its colors and acknowledge {@code generation}. */
public record NextRoute(long generation, Route route) {}
