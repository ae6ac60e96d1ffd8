package dev.teal.worker.run.domain;

import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.Tolerance;
import java.util.List;

/**
 * Whether rows of different callers may be computed together. A first dimension that is open looks like rows and may be anything: a sequence, or
 * a population that the model takes a mean of; then one caller's numbers would change another's answer. So a model is trusted only once rows
 * that differ were seen to come out together as they come out alone, and never again after they did not. For several threads.
 */
public final class BatchTrust {
    /** A row's last bits depend on its batch, by the order of sums; a model that mixes rows is far off. */
    private static final Tolerance SAME = new Tolerance(1e-3, 1e-4);

    private static final int TRUSTED_AFTER = 3;

    private enum State {
        UNKNOWN,
        TRUSTED,
        REFUSED
    }

    private State state;
    private int good;

    private BatchTrust(State state) {
        this.state = state;
    }

    /** @param possible whether the signature's shapes allow it */
    public static BatchTrust of(boolean possible) {
        return new BatchTrust(possible ? State.UNKNOWN : State.REFUSED);
    }

    /** The model's author says that it may be batched. */
    public static BatchTrust declared() {
        return new BatchTrust(State.TRUSTED);
    }

    public synchronized boolean isTrusted() {
        return state == State.TRUSTED;
    }

    public synchronized boolean isOpen() {
        return state == State.UNKNOWN;
    }

    /** It was seen to be otherwise: outputs without the rows, or a batch that failed where its members did not. */
    public synchronized void refuse() {
        state = State.REFUSED;
    }

    /**
     * Takes what a comparison shows.
     *
     * @param alone the outputs of each request by itself, in one order
     * @param together the outputs of all of them in one run, cut into the same requests
     */
    public synchronized void compare(List<List<Tensor>> alone, List<List<Tensor>> together) {
        if (state != State.UNKNOWN) {
            return;
        }
        for (int i = 0; i < alone.size(); i++) {
            for (int output = 0; output < alone.get(i).size(); output++) {
                if (SAME.difference(alone.get(i).get(output), together.get(i).get(output))
                        .isPresent()) {
                    state = State.REFUSED;
                    return;
                }
            }
        }
        if (++good >= TRUSTED_AFTER) {
            state = State.TRUSTED;
        }
    }

    /** Whether two requests differ in each of their inputs: equal rows can't show that they were mixed. */
    public static boolean differ(List<Tensor> one, List<Tensor> other) {
        for (int i = 0; i < one.size(); i++) {
            if (!one.get(i).data().equals(other.get(i).data())) {
                return true;
            }
        }
        return false;
    }
}
