package dev.teal.protocol.cell;

/** A gateway reaches proven workers of every color that this route in PREPARE sends traffic to. */
public record Prepared(String endpoint, long generation) {}
