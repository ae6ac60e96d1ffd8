package dev.teal.gateway.activation;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.workers.Worker;

/** A request that wants a worker. Exactly one of the two answers comes, unless it leaves the lane first. */
public interface Waiter {
    /** To go to a worker that holds nothing else, and keep others off it: so that a request that kills workers is known as the one. */
    boolean alone();

    int bodyBytes();

    /** By which it stands in line, the least first. Asked for where it must wait, and without the lane's lock: it may have to be looked for. */
    long turnNanos();

    /**
     * It has a place at this worker until the lane is told that it has left.
     *
     * @param waitedNanos behind others, while there was a worker
     */
    void granted(Worker worker, long waitedNanos);

    void refused(Answer.Failure failure);
}
