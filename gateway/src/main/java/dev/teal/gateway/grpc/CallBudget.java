package dev.teal.gateway.grpc;

import dev.teal.gateway.admission.BodyMemory;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.timing.Timers;
import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one call may cost. Of the memory of all bodies it holds a message from its first frame on, for as long as it is at work, and answers
 * until the client takes them; at the stream's end it holds nothing. A message has a time to pass, either way.
 */
final class CallBudget extends ServerStreamTracer {
    /** What a frame costs beside its bytes, so that many small ones count too. */
    private static final int FRAME_BYTES = 512;

    private static final Context.Key<CallBudget> CURRENT = Context.key("call-budget");

    private final BodyMemory memory;
    private final Timers timers;
    private final Duration longest;
    private Consumer<Told.Ended> refusal = _ -> {};
    private Runnable reset = () -> {};
    private long arrivingBytes;
    private long keptBytes;
    private long waitingBytes;
    private long unreadBytes;
    private boolean allAtOnce;
    private boolean refused;
    private boolean closed;
    private Timers.@Nullable Handle arrival;
    private Timers.@Nullable Handle taking;

    CallBudget(BodyMemory memory, Timers timers, Duration longest) {
        this.memory = memory;
        this.timers = timers;
        this.longest = longest;
    }

    /** Of the call that begins, or whose message comes, on this thread. */
    static CallBudget current() {
        return CURRENT.get();
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(CURRENT, this);
    }

    /**
     * @param whenRefused ends the call, once; what it has sent is not kept
     * @param whenUnread takes the call off its connection, where the client does not take its answer
     */
    synchronized void begin(Consumer<Told.Ended> whenRefused, Runnable whenUnread) {
        refusal = whenRefused;
        reset = whenUnread;
    }

    /** All that the client sends must be here in time, and not only each message. Until {@link #allArrived}. */
    synchronized void awaitAll() {
        allAtOnce = true;
        watchArrival();
    }

    synchronized void allArrived() {
        unwatchArrival();
    }

    private void watchArrival() {
        if (arrival == null && !closed) {
            arrival = timers.after(
                    longest,
                    () -> refuse(Told.ended(Answer.Failure.tooSlow(
                            "the message did not arrive within " + longest.toMillis() + " ms; send it faster"))));
        }
    }

    private void unwatchArrival() {
        if (arrival != null) {
            arrival.cancel();
            arrival = null;
        }
    }

    @Override
    public synchronized void inboundMessage(int number) {
        if (!allAtOnce) {
            watchArrival();
        }
    }

    @Override
    public synchronized void inboundMessageRead(int number, long wireBytes, long bytes) {
        if (!allAtOnce) {
            unwatchArrival();
        }
    }

    @Override
    public void inboundWireSize(long bytes) {
        arrive(bytes + FRAME_BYTES);
    }

    /** More of a message is here. @return false where it is refused, now or before */
    boolean arrive(long bytes) {
        long wanted;
        synchronized (this) {
            if (closed || refused) {
                return false;
            }
            if (memory.take(bytes)) {
                arrivingBytes += bytes;
                return true;
            }
            wanted = arrivingBytes + bytes;
        }
        refuse(Told.ended(noRoom(wanted)));
        return false;
    }

    private Answer.Failure noRoom(long wanted) {
        return wanted > memory.limitBytes()
                ? Answer.Failure.largerThanMemory(memory.limitBytes())
                : Answer.Failure.noMemory();
    }

    /** Ends the call. */
    void refuse(Told.Ended ended) {
        Consumer<Told.Ended> last;
        synchronized (this) {
            if (refused || closed) {
                return;
            }
            refused = true;
            memory.give(arrivingBytes);
            arrivingBytes = 0;
            last = refusal;
        }
        last.accept(ended);
    }

    synchronized boolean isRefused() {
        return refused;
    }

    /** A message is whole: of what it held while it came, its own bytes stay, until they are {@link #release}d. @return false where it is refused */
    boolean keep(int bytes) {
        synchronized (this) {
            if (closed || refused) {
                return false;
            }
            long more = bytes - arrivingBytes;
            if (more <= 0 || memory.take(more)) {
                if (more < 0) {
                    memory.give(-more);
                }
                arrivingBytes = 0;
                keptBytes += bytes;
                return true;
            }
        }
        refuse(Told.ended(noRoom(bytes)));
        return false;
    }

    synchronized void release(int bytes) {
        if (!closed) {
            keptBytes -= bytes;
            memory.give(bytes);
        }
    }

    /** An answer is there. @return false where there is no memory for it */
    synchronized boolean answer(int bytes) {
        if (closed || !memory.take(bytes)) {
            return false;
        }
        waitingBytes += bytes;
        return true;
    }

    /** It is sent, as far as that is up to the gateway. */
    synchronized void sent(int bytes) {
        if (closed) {
            return;
        }
        waitingBytes -= bytes;
        unreadBytes += bytes;
        if (taking == null) {
            taking = timers.after(longest, reset);
        }
    }

    /** The client has taken all that was sent, but for what the connection holds anyway. */
    synchronized void taken() {
        if (taking != null) {
            taking.cancel();
            taking = null;
        }
        memory.give(unreadBytes);
        unreadBytes = 0;
    }

    @Override
    public synchronized void streamClosed(Status status) {
        closed = true;
        unwatchArrival();
        taken();
        memory.give(arrivingBytes + keptBytes + waitingBytes);
        arrivingBytes = 0;
    }
}
