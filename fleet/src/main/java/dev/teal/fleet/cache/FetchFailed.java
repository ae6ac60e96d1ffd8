package dev.teal.fleet.cache;

import dev.teal.protocol.worker.WorkerFailure;

/** Bytes could not be brought into the cache. The message is for people. */
public final class FetchFailed extends Exception {

    private static final long serialVersionUID = 1;

    private final WorkerFailure.Code code;

    FetchFailed(WorkerFailure.Code code, String message) {
        super(message);
        this.code = code;
    }

    public WorkerFailure failure() {
        return new WorkerFailure(code, String.valueOf(getMessage()));
    }
}
