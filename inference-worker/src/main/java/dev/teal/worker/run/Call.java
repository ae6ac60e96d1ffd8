package dev.teal.worker.run;

import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.TensorAllocator;

/** A request as it came, and the way back for its one answer. Each way to travel, and each encoding, has its own. */
public interface Call {
    /** What is held for it while it waits. */
    int bodyBytes();

    /** By which it stands in line before it is read. */
    default Glance glance() {
        return Glance.NOTHING;
    }

    /**
     * Reads it. On a run thread, once.
     *
     * @throws dev.teal.protocol.oip.InvalidInference saying what is wrong with it; also where the call is over, whose body goes with it
     */
    InferenceRequest read(TensorAllocator memory);

    /**
     * Answers. On a run thread.
     *
     * @param request what {@link #read} gave: its outputs say how each is to be written
     * @param response its outputs lie in the model's memory until {@code release}
     * @param release to be called once, on any thread, when the outputs' memory is not needed any more, answered or not
     * @return false if it was answered before
     * @throws dev.teal.protocol.oip.InvalidInference if an output can't be written so; the caller then {@link #fail}s
     */
    boolean answer(InferenceRequest request, InferenceResponse response, Runnable release);

    /** Answers with an error, on any thread. @return false if it was answered before */
    boolean fail(Failure failure);

    /** Calls back on the event loop after a time, unless the call has ended by then. On the event loop. */
    void after(long millis, Runnable task);

    /** Called back once, on the event loop, when the answer is written or the client is gone. On the event loop. */
    void onEnd(Runnable ending);

    /** Whether the client went before it had an answer; true from the callbacks of {@link #onEnd} on. */
    boolean lost();
}
