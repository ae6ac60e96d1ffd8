package dev.teal.fleet.wake;

/** The environment holds another version than the caller wants. */
final class OtherDigest extends Exception {

    private static final long serialVersionUID = 1;

    private final String current;

    OtherDigest(String id, String wanted, String current) {
        super("environment '" + id + "' runs " + current + " now, not " + wanted);
        this.current = current;
    }

    String current() {
        return current;
    }
}
