package dev.teal.worker.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

    synchronized long begin(OrtApi runtime, Arena arena) throws OnnxFailure {
        if (terminated) {
            throw new OnnxFailure("the run was ended before it began");
        }
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        runtime.check(runtime.call(OrtApi.CREATE_RUN_OPTIONS, out.address()));
        options = out.get(ValueLayout.JAVA_LONG, 0);
        api = runtime;
        return options;
    }

    synchronized void end(OrtApi runtime) {
        api = null;
        EndedRuns.over(this);
        runtime.call(OrtApi.RELEASE_RUN_OPTIONS, options);
    }
}
