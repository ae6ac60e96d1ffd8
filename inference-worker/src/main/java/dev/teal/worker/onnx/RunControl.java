package dev.teal.worker.onnx;

import org.jspecify.annotations.Nullable;

/** A handle on one run, to end it from another thread; it takes effect between two nodes of the graph. */
public final class RunControl {
    private @Nullable OrtApi api;
    private long options;
    private boolean terminated;

    /** Ends the run, or keeps it from beginning. */
    public synchronized void terminate() {
        terminated = true;
        if (api != null) {
            EndedRuns.told(this);
            api.call(OrtApi.RUN_OPTIONS_SET_TERMINATE, options);
        }
    }

    public synchronized boolean terminated() {
        return terminated;
    }

    /** @param runOptions of the run that begins, not marked as terminated */
    synchronized void begin(OrtApi runtime, long runOptions) throws OnnxFailure {
        if (terminated) {
            throw new OnnxFailure("the run was ended before it began");
        }
        options = runOptions;
        api = runtime;
    }

    /** The run has ended: from now on its options are not touched, and they are as they were. */
    synchronized void end(OrtApi runtime) {
        api = null;
        EndedRuns.over(this);
        if (terminated) {
            runtime.call(OrtApi.RUN_OPTIONS_UNSET_TERMINATE, options);
        }
    }
}
