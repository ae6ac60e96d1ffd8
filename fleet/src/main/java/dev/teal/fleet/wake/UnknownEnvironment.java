package dev.teal.fleet.wake;

/** Nothing is to run in an environment of this name. */
final class UnknownEnvironment extends Exception {

    private static final long serialVersionUID = 1;

    UnknownEnvironment(String id) {
        super("environment '" + id + "' is not in this cell's state, or has nothing to run");
    }
}
