package dev.teal.gateway.workers;

import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.protocol.cell.WorkerAddress;
import reactor.core.publisher.Mono;

/** A worker as this gateway sees it. What it holds and whether it may get more is its lane's business, and guarded by the lane's lock. */
public final class Worker {
    private static final long FIRST_EJECTION_NANOS = 50_000_000;
    private static final long LONGEST_EJECTION_NANOS = 5_000_000_000L;
    private static final int MOST_DOUBLINGS = 7;

    private final WorkerAddress address;
    private final int requestsAtOnce;
    private final WorkerClient client;
    private int inFlight;
    private boolean exclusive;
    private boolean out;
    private boolean gone;
    private int failures;
    private long ejectedUntilNanos;

    Worker(WorkerAddress address, int requestsAtOnce, WorkerClient client) {
        this.address = address;
        this.requestsAtOnce = requestsAtOnce;
        this.client = client;
    }

    public WorkerAddress address() {
        return address;
    }

    public int inFlight() {
        return inFlight;
    }

    /** Whether it may work, not whether it has room. */
    public boolean usable(long nowNanos) {
        return !out && (failures == 0 || ejectedUntilNanos - nowNanos <= 0);
    }

    public boolean hasRoom(boolean alone) {
        return alone ? inFlight == 0 : !exclusive && inFlight < requestsAtOnce;
    }

    public void take(boolean alone) {
        inFlight++;
        exclusive = alone;
    }

    public void give() {
        inFlight--;
        exclusive = false;
        closeIfDone();
    }

    /** It refuses for good: not asked again until the fleet names it anew. */
    public void markOut() {
        out = true;
    }

    public boolean isOut() {
        return out;
    }

    /** The fleet says that it is ready. Failures of our own to connect stay, and with them the wait. */
    public void markIn() {
        out = false;
    }

    /** Not connected to: left alone for a growing time. @return for how long, in nanoseconds */
    public long eject(long nowNanos) {
        long nanos = Math.min(LONGEST_EJECTION_NANOS, FIRST_EJECTION_NANOS << Math.min(MOST_DOUBLINGS, failures));
        failures++;
        ejectedUntilNanos = nowNanos + nanos;
        return nanos;
    }

    public void worked() {
        failures = 0;
    }

    public int failures() {
        return failures;
    }

    /** Not in the fleet's list any more: its connections close once nothing is in flight. */
    public void leave() {
        gone = true;
        closeIfDone();
    }

    private void closeIfDone() {
        if (gone && inFlight == 0) {
            client.close();
        }
    }

    /** @param hold takes memory for the answer, and keeps it when it is here */
    public Mono<WorkerReply> infer(
            InferRequest request, AnswerMemory.Hold hold, long deadlineMillis, long waitedMillis) {
        return client.infer(request, hold, deadlineMillis, waitedMillis);
    }

    /** What it answers beside inference, if it answers soon and well. */
    public Mono<byte[]> get(String path, String digest) {
        return client.get(path, digest);
    }

    /** Whether it is ready with this digest, asked now. @return why not, or empty text */
    public Mono<String> check(String digest) {
        return client.check(digest);
    }
}
