package dev.teal.protocol.textformat;

/** Both from 1. */
public record Place(int line, int column) {
    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
