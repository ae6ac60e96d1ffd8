package dev.teal.protocol.cell;

/** An update can't be applied to the state in force: ask for the whole document. */
public final class StateGap extends Exception {
    private static final long serialVersionUID = 1;

    public StateGap(String message) {
        super(message);
    }
}
