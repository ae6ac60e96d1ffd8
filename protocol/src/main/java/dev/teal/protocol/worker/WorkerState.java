package dev.teal.protocol.worker;

/** A worker's life. The order is the order of a good life, so states can be compared. */
public enum WorkerState {
    STARTING,
    UNASSIGNED,
    FETCHING,
    LOADING,
    WARMING,
    TESTING,
    READY,
    DRAINING,
    FAILED,
    STOPPED
}
