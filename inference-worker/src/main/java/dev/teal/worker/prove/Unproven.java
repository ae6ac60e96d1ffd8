package dev.teal.worker.prove;

import dev.teal.protocol.worker.WorkerFailure;

/** What was assigned can't be proven. */
final class Unproven extends Exception {
    private static final long serialVersionUID = 1;

    private final transient WorkerFailure failure;

    Unproven(WorkerFailure.Code code, String message) {
        super(message);
        this.failure = new WorkerFailure(code, message);
    }

    WorkerFailure failure() {
        return failure;
    }
}
