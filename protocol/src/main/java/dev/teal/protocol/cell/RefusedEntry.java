package dev.teal.protocol.cell;

/** An entry of the state document (or a route in PREPARE) that a member could not take; that endpoint stays as it was. */
public record RefusedEntry(String endpoint, long generation, String reason) {}
