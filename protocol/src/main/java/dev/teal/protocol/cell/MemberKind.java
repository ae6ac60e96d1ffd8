package dev.teal.protocol.cell;

public enum MemberKind {
    GATEWAY,
    FLEET
}
