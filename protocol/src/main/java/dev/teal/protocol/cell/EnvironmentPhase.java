package dev.teal.protocol.cell;

/** What an environment is there for. An empty environment is not in the state document at all. */
public enum EnvironmentPhase {
    /** A version is being brought up; workers are started and prove themselves; no live traffic. */
    LOADING,
    /** Proven, not yet live. */
    READY,
    /** Live traffic goes here. */
    ACTIVE,
    /** Was live, kept ready for rollback until {@code standbyUntil}. */
    STANDBY,
    /** Takes nothing new; its workers finish what they hold and stop. */
    DRAINING;

    /** Whether the fleet keeps workers for it. */
    public boolean runs() {
        return this != DRAINING;
    }
}
