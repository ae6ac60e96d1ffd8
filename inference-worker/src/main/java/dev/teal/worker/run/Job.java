package dev.teal.worker.run;

import dev.teal.protocol.Refusal;
import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.Schedule;
import dev.teal.worker.life.Exhaustion;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One admitted request on its way through the queue and the model. It is over when its client has an answer (or is gone) and nothing
 * computes for it any more, whichever comes last.
 */
final class Job {
    private static final Logger log = LoggerFactory.getLogger(Job.class);

    private enum Stage {
        QUEUED,
        RUNNING,
        OVER
    }

    private final Call call;
    private final Served served;
    private final boolean proof;
    private final Runnable over;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.QUEUED);
    private final AtomicInteger open = new AtomicInteger(2);
    private final long arrived = System.nanoTime();

    /** For its turn, here and in the line of a gateway before. */
    private final long waitingSince;

    private final long turn;
    private final int rows;
    private final long queueLimitNanos;

    /** Of the run that it takes part in, while there is one. */
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();

    private volatile boolean abandoned;
    private long deadlineNanos = Long.MAX_VALUE;

    /**
     * @param proof of the worker's own: answered by the model itself, never from memory
     * @param waitedMillis for its turn before it came
     */
    Job(Call call, Served served, boolean proof, long waitedMillis, Runnable over) {
        this.call = call;
        this.served = served;
        this.proof = proof;
        this.over = over;
        Glance glance = call.glance();
        Schedule schedule = glance.schedule();
        // A row takes a byte or more; what claims otherwise, or has rows of nothing, costs little
        this.rows = served.model().rowsFirst() ? (int) Math.clamp(glance.rows(), 1L, Math.max(1L, bytes())) : 1;
        this.waitingSince = arrived - TimeUnit.MILLISECONDS.toNanos(waitedMillis);
        this.turn = schedule.turnNanos(waitingSince);
        this.queueLimitNanos = nanos(schedule.timeoutMicros());
    }

    private static long nanos(long micros) {
        return micros == 0 ? Long.MAX_VALUE : TimeUnit.MICROSECONDS.toNanos(micros);
    }

    Call call() {
        return call;
    }

    boolean proof() {
        return proof;
    }

    /** {@link System#nanoTime()} by which jobs stand in line, the least first. */
    long turn() {
        return turn;
    }

    long arrived() {
        return arrived;
    }

    int bytes() {
        return call.bodyBytes();
    }

    /** As far as can be told before it is read: 1 where that is not far. */
    int rows() {
        return rows;
    }

    /**
     * Queues it, on the event loop.
     *
     * @param heldBytes in the queue since its place was reserved
     * @param deadlineMillis from now on, or a negative number for none
     * @return false where there is no room for it: it has no place any more, and nothing happens to it
     */
    boolean begin(long heldBytes, long deadlineMillis) {
        if (deadlineMillis >= 0) {
            deadlineNanos = arrived + TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
        }
        if (!served.queue().offer(this, heldBytes)) {
            return false;
        }
        call.onEnd(this::answered);
        if (deadlineMillis >= 0) {
            call.after(deadlineMillis, this::expire);
        }
        if (queueLimitNanos != Long.MAX_VALUE) {
            long left = queueLimitNanos - (arrived - waitingSince);
            call.after(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)), () -> leaveQueue(Refusal.EXPIRED));
        }
        return true;
    }

    private boolean leaveQueue(Refusal refusal) {
        if (!stage.compareAndSet(Stage.QUEUED, Stage.OVER)) {
            return false;
        }
        served.queue().withdraw(this);
        served.meters().answered("refused_" + refusal.name().toLowerCase(Locale.ROOT));
        served.counters().failed(System.nanoTime() - arrived);
        call.fail(Failure.refused(refusal));
        close();
        return true;
    }

    private void expire() {
        if (!leaveQueue(Refusal.EXPIRED)) {
            // Answered first: a run that ends at once would else say, before this does, that the model failed
            if (call.fail(Failure.of(
                    Failure.Kind.DEADLINE_EXCEEDED, "Request timeout expired while the model was running"))) {
                served.meters().answered("timeout");
                served.counters().failed(System.nanoTime() - arrived);
            }
            leaveRun();
        }
    }

    /** The answer is written, or the client has gone: then nobody waits for what is still to be computed. */
    private void answered() {
        if (call.lost()) {
            served.meters().answered("cancelled");
            leaveRun();
            if (stage.compareAndSet(Stage.QUEUED, Stage.OVER)) {
                served.queue().withdraw(this);
                close();
            }
        }
        close();
    }

    private void leaveRun() {
        abandoned = true;
        Running current = running.getAndSet(null);
        if (current != null) {
            current.left();
        }
    }

    private void close() {
        if (open.decrementAndGet() == 0) {
            over.run();
        }
    }

    /** On a run thread. @return false if it has been answered, or its client has gone: then nothing is to be done, and {@link #done} is not called */
    boolean start() {
        return stage.compareAndSet(Stage.QUEUED, Stage.RUNNING);
    }

    /** Whether it took longer to get its turn than its request allows. */
    boolean late(Schedule schedule, long now) {
        return now - waitingSince > nanos(schedule.timeoutMicros());
    }

    /**
     * Until when a run that it takes part in may wait for more rows, as {@link System#nanoTime()}: not for longer than the request would wait
     * in line, and not for more than half of the time that is left to compute it.
     */
    long latestStart() {
        long byTimeout = queueLimitNanos > Long.MAX_VALUE - arrived ? Long.MAX_VALUE : waitingSince + queueLimitNanos;
        if (deadlineNanos == Long.MAX_VALUE) {
            return byTimeout;
        }
        long now = System.nanoTime();
        return Math.min(byTimeout, now + (deadlineNanos - now) / 2);
    }

    /** Takes part in a run from now on: it goes on as long as somebody waits for it. */
    void joins(Running run) {
        running.set(run);
        if (abandoned) {
            leaveRun();
        }
    }

    /** The run has ended, or it is not to be in it. */
    void left() {
        running.set(null);
    }

    /** Nothing computes for it any more. */
    void done() {
        running.set(null);
        stage.set(Stage.OVER);
        close();
    }

    /** On a run thread, which must not end by it, nor its neighbours' requests: there may be no memory left for an answer. */
    void fail(Failure failure, String outcome) {
        try {
            if (call.fail(failure)) {
                served.meters().answered(outcome);
                served.counters().failed(System.nanoTime() - arrived);
            }
        } catch (RuntimeException | Error e) {
            log.atError().setCause(e).log("Request left without an answer by an error of the worker");
            Exhaustion.survived(e);
        }
    }

    /** The worker itself failed on it. */
    void broken(Throwable error) {
        log.atError().setCause(error).log("Request failed by an error of the worker");
        fail(Failure.of(Failure.Kind.INTERNAL, "the worker failed on this request"), "failed");
        Exhaustion.survived(error);
    }
}
