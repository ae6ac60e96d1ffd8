package dev.teal.protocol.cell;

/**
 * The control plane's answer to a {@link MemberReport}.
 *
 * @param leaseMillis how long the control plane counts the member as live without another report
 * @param revision newest revision of the member's region
 */
public record MemberReply(long leaseMillis, long revision) {}
