package dev.teal.platform.cell;

/** A member of the region reported something that a rollout may wait for. */
public record MemberReported(String region) {}
