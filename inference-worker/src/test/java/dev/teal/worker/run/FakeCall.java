package dev.teal.worker.run;

import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.TensorAllocator;
import java.util.ArrayList;
import java.util.List;

/** A call without a network, whose client and whose timers a test moves: an answer is given first, and written when the test says so. */
final class FakeCall implements Call {
    private final int bytes;
    private final Glance glance;
    private final List<Runnable> timers = new ArrayList<>();
    private final List<Runnable> endings = new ArrayList<>();
    private int answers;
    private boolean over;
    private boolean lost;

    FakeCall(int bytes, Schedule schedule) {
        this(bytes, new Glance(schedule, 0));
    }

    FakeCall(int bytes, Glance glance) {
        this.bytes = bytes;
        this.glance = glance;
    }

    @Override
    public int bodyBytes() {
        return bytes;
    }

    @Override
    public Glance glance() {
        return glance;
    }

    @Override
    public InferenceRequest read(TensorAllocator memory) {
        throw new UnsupportedOperationException("nothing is in it");
    }

    @Override
    public boolean answer(InferenceRequest request, InferenceResponse response, Runnable release) {
        release.run();
        return answer();
    }

    @Override
    public boolean fail(Failure failure) {
        return answer();
    }

    private boolean answer() {
        if (answers > 0 || lost) {
            return false;
        }
        answers++;
        return true;
    }

    @Override
    public void after(long millis, Runnable task) {
        timers.add(task);
    }

    /** All timers at once, as if their time had come; none after the end. */
    void timeIsUp() {
        if (!over) {
            timers.forEach(Runnable::run);
        }
    }

    @Override
    public void onEnd(Runnable ending) {
        if (over) {
            ending.run();
        } else {
            endings.add(ending);
        }
    }

    @Override
    public boolean lost() {
        return lost;
    }

    /** The answer that was given is on its way. @return whether one was given */
    boolean written() {
        if (answers == 0) {
            return false;
        }
        end();
        return true;
    }

    /** The client goes. */
    void leave() {
        if (!over) {
            lost = answers == 0;
            end();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            endings.forEach(Runnable::run);
        }
    }

    boolean over() {
        return over;
    }

    int answers() {
        return answers;
    }
}
