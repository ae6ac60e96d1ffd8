package dev.teal.protocol.worker;

import java.util.Optional;

/** The exit codes by which a worker says why it ended itself, where it has no time left to be asked. All others are its parent's guess. */
public enum WorkerExit {
    /** Of a virtual machine that the system refused memory, which no worker says: a worker that has come up ends so by nothing else. */
    REFUSED_MEMORY(1),
    /** Drained, stopped, or told to by a signal. */
    ORDERLY(0),
    /** It could not start. */
    NOT_STARTED(64),
    /** The model took more memory than the worker may have. */
    MEMORY_EXCEEDED(80),
    /** The model could not be loaded and tested in time, and what computes can't be ended otherwise. */
    TIME_EXCEEDED(81),
    /** A run that was told to end went on. */
    RUN_STUCK(82),
    /** Unloaded, and not as new: a run was ended, the runtime failed, or memory did not come back. */
    WORN(83),
    /** Java's heap ran out: what it held is answered, and nothing is wrong with its model. */
    HEAP_EXHAUSTED(84);

    private final int code;

    WorkerExit(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static Optional<WorkerExit> of(int code) {
        for (WorkerExit exit : values()) {
            if (exit.code == code) {
                return Optional.of(exit);
            }
        }
        return Optional.empty();
    }

    /** What it says of the model that ran; empty where it says nothing. */
    public Optional<WorkerFailure> failure() {
        return switch (this) {
            case ORDERLY, NOT_STARTED, WORN, HEAP_EXHAUSTED -> Optional.empty();
            case MEMORY_EXCEEDED, REFUSED_MEMORY ->
                Optional.of(new WorkerFailure(
                        WorkerFailure.Code.MEMORY_EXCEEDED, "the model took more memory than a worker may have"));
            case TIME_EXCEEDED ->
                Optional.of(new WorkerFailure(
                        WorkerFailure.Code.TIME_EXCEEDED, "the model was not loaded and tested in time"));
            case RUN_STUCK ->
                Optional.of(new WorkerFailure(
                        WorkerFailure.Code.TIME_EXCEEDED, "a run of the model went on after it was told to end"));
        };
    }
}
