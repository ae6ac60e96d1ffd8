package dev.teal.protocol.oip;

/**
 * A model version in the protocol's repository index.
 *
 * @param state {@code READY}, {@code LOADING}, {@code UNLOADING} or {@code UNAVAILABLE}
 * @param reason empty where the state says it all
 */
public record RepositoryEntry(String name, String version, String state, String reason) {
    public boolean isReady() {
        return state.equals("READY");
    }
}
