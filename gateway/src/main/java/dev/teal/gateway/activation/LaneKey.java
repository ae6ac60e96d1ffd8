package dev.teal.gateway.activation;

/** Requests wait and are served per environment and the version that it runs: a request never meets another version's worker. */
public record LaneKey(String endpoint, String environment, String digest) {}
