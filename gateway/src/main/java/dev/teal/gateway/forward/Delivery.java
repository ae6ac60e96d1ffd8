package dev.teal.gateway.forward;

import dev.teal.gateway.activation.Lane;
import dev.teal.gateway.activation.Waiter;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.timing.Timers;
import dev.teal.gateway.workers.InferRequest;
import dev.teal.gateway.workers.Worker;
import dev.teal.gateway.workers.WorkerReply;
import dev.teal.protocol.Refusal;
import dev.teal.protocol.cell.BackOff;
import dev.teal.protocol.oip.Schedule;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.SignalType;

/**
 * One request from its arrival to its answer. It is in its lane's line, at a worker, or backing off; the deadline or the caller's leaving
 * ends it wherever it is. Who never began (a refusal, a worker that can't be connected to) is passed over for free; a worker that died
 * may have died of the request, so that counts: the first repeat goes anywhere, the second to a worker that it has for itself, so
 * that those who were only beside it are cleared and the one that kills is known.
 */
final class Delivery implements Waiter {
    static final String QUARANTINED =
            "the workers that were given this request died; the same body is refused for a minute, send another or look at the model";

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final int MOST_REPEATS = 2;
    /** A suspect keeps others off a worker no longer than this while it waits for that worker to be free. */
    private static final Duration ALONE_WAIT = Duration.ofSeconds(1);

    private static final long FIRST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 200;
    private static final long RETRY_AFTER_SECONDS = 1;
    private static final long DEADLINE_SLACK_MILLIS = 100;

    private final Forwarder shared;
    private final Ticket ticket;
    private final InferRequest request;
    private final AnswerMemory.Hold hold;
    private final MonoSink<Answer> sink;
    private final Lane lane;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final BackOff saturatedPauses = new BackOff(FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
    private final AtomicReference<@Nullable Call> call = new AtomicReference<>();
    private volatile Timers.@Nullable Handle deadline;
    private volatile String waitedFor = "a worker";
    private volatile boolean inLine;
    private final long sinceNanos;
    private @Nullable Schedule schedule;
    private int deaths;
    private long waitedBehindOthersNanos;
    private volatile long suspectSinceNanos;

    Delivery(Forwarder shared, Ticket ticket, InferRequest request, AnswerMemory.Hold hold, MonoSink<Answer> sink) {
        this.shared = shared;
        this.ticket = ticket;
        this.request = request;
        this.hold = hold;
        this.sink = sink;
        this.lane = shared.lanes().lane(ticket.lane());
        this.sinceNanos = shared.now();
    }

    void start() {
        lane.arrived();
        deadline = shared.timers().after(ticket.remaining(shared.now()), this::expired);
        sink.onDispose(this::leave);
        enter();
    }

    private void enter() {
        if (!ended.get()) {
            inLine = true;
            lane.enter(this, ticket.endpoint().limits().requestDeadlineMillis());
            if (ended.get()) {
                // It may have ended before it stood in line, and left nothing then
                inLine = false;
                lane.leave(this);
            }
        }
    }

    private void leaveLine() {
        if (inLine) {
            inLine = false;
            lane.leave(this);
        }
    }

    @Override
    public boolean alone() {
        return deaths >= MOST_REPEATS && shared.now() - suspectSinceNanos < ALONE_WAIT.toNanos();
    }

    @Override
    public int bodyBytes() {
        return request.body().length;
    }

    /** A repeat keeps its priority, and the time that it came. */
    @Override
    public long turnNanos() {
        Schedule known = schedule;
        if (known == null) {
            known = ScheduleGlance.of(request);
            schedule = known;
        }
        return known.turnNanos(sinceNanos);
    }

    @Override
    public void granted(Worker worker, long waitedNanos) {
        inLine = false;
        waitedBehindOthersNanos += waitedNanos;
        long remainingMillis = ticket.remainingMillis(shared.now());
        if (ended.get() || remainingMillis <= 0) {
            lane.release(worker);
            return;
        }
        waitedFor = "the worker's answer";
        Call started = new Call(worker);
        call.set(started);
        long waitedMillis = TimeUnit.NANOSECONDS.toMillis(waitedBehindOthersNanos);
        worker.infer(request, hold, remainingMillis, waitedMillis).subscribe(started);
        if (ended.get()) {
            started.dispose();
        }
    }

    @Override
    public void refused(Answer.Failure failure) {
        end(failure);
    }

    /** One stay at one worker: however it ends, the worker's place is given back once. */
    private final class Call extends BaseSubscriber<WorkerReply> {
        private final Worker worker;
        private @Nullable WorkerReply reply;

        Call(Worker worker) {
            this.worker = worker;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            requestUnbounded();
        }

        @Override
        protected void hookOnNext(WorkerReply value) {
            reply = value;
        }

        @Override
        protected void hookOnError(Throwable problem) {
            reply = new WorkerReply.Broken(String.valueOf(problem.getMessage()));
        }

        @Override
        protected void hookFinally(SignalType type) {
            lane.release(worker);
            if (type != SignalType.CANCEL) {
                replied(worker, reply == null ? new WorkerReply.Broken("nothing came") : reply);
            }
        }
    }

    private void replied(Worker worker, WorkerReply reply) {
        switch (reply) {
            case WorkerReply.Answered(var status, var head, var pieces) -> {
                lane.worked(worker);
                end(new Answer.FromWorker(status, head, pieces));
            }
            case WorkerReply.Oversized(var atLeastBytes, var limitBytes) -> {
                lane.worked(worker);
                end(Answer.Failure.answerTooLarge(atLeastBytes, limitBytes));
            }
            case WorkerReply.NoMemory() -> {
                lane.worked(worker);
                end(Answer.Failure.noAnswerMemory());
            }
            case WorkerReply.Refused(var refusal) -> refusedBy(worker, refusal);
            case WorkerReply.NotReached(var reason) -> {
                log.atDebug()
                        .addKeyValue("worker", worker.address().id())
                        .addKeyValue("reason", reason)
                        .log("Worker not reached");
                lane.unreachable(worker);
                enter();
            }
            case WorkerReply.Died(var reason) -> died(worker, reason);
            case WorkerReply.Broken(var reason) ->
                end(Answer.Failure.badGateway(
                        Outcome.FAILED, "the worker's answer broke off (" + reason + "); try again"));
        }
    }

    private void refusedBy(Worker worker, Refusal refusal) {
        shared.refused();
        switch (refusal) {
            case DRAINING, WRONG_DIGEST -> {
                lane.out(worker);
                enter();
            }
            case SATURATED -> {
                waitedFor = "a worker with room";
                shared.timers().after(Duration.ofMillis(saturatedPauses.nextMillis()), this::enter);
            }
            case EXPIRED -> end(expiredInQueue());
        }
    }

    /** By the request's own timeout, which only the worker reads, or by the deadline, of which the worker's clock may be a little ahead. */
    private Answer.Failure expiredInQueue() {
        return ticket.remainingMillis(shared.now()) > DEADLINE_SLACK_MILLIS
                ? Answer.Failure.unavailable(Outcome.DEADLINE, "Request timeout expired", RETRY_AFTER_SECONDS)
                : Answer.Failure.deadline("the deadline passed before a worker began; ask for more time");
    }

    private void died(Worker worker, String reason) {
        deaths++;
        log.atInfo()
                .addKeyValue("endpoint", ticket.endpoint().name())
                .addKeyValue("worker", worker.address().id())
                .addKeyValue("deaths", deaths)
                .addKeyValue("reason", reason)
                .log("Worker died before it answered");
        if (deaths > MOST_REPEATS) {
            shared.quarantine(ticket, request.body());
            log.atWarn().addKeyValue("endpoint", ticket.endpoint().name()).log("Request quarantined");
            end(Answer.Failure.badGateway(Outcome.FAILED, QUARANTINED));
        } else if (shared.mayRepeat()) {
            if (deaths == MOST_REPEATS) {
                suspectSinceNanos = shared.now();
                shared.timers().after(ALONE_WAIT, lane::again);
            }
            enter();
        } else {
            end(Answer.Failure.unavailable(
                    Outcome.OVERLOADED,
                    "too many workers are dying to repeat this request; try again later",
                    RETRY_AFTER_SECONDS));
        }
    }

    private void expired() {
        end(Answer.Failure.deadline("the deadline passed while waiting for " + waitedFor
                + "; ask again, or raise requestDeadline in the endpoint's configuration"));
    }

    private void end(Answer answer) {
        if (ended.compareAndSet(false, true)) {
            sink.success(answer);
            leave();
        }
    }

    /** After the answer, or when the caller has gone. */
    private void leave() {
        ended.set(true);
        Timers.Handle timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
        leaveLine();
        Call current = call.get();
        if (current != null) {
            current.dispose();
        }
    }
}
