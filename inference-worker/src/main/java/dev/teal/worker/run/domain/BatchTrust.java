package dev.teal.worker.run.domain;

import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whether rows of different callers may be computed together. A first dimension that is open looks like rows and may be anything: a sequence, or
 * a population that the model takes a mean of; then one caller's numbers would change another's answer. So a model is trusted only once rows
 * that differ were seen to come out together as they come out alone, and never again after they did not. That is seen of each input by
 * itself: a mask that is the same in all requests tells nothing of what happens when it is not. For several threads.
 */
public final class BatchTrust {
    private static final int TRUSTED_AFTER = 3;

    /** Inputs are bits of a long; those beyond share the last one. */
    private static final int MOST_INPUTS = Long.SIZE;

    private enum State {
        UNKNOWN,
        TRUSTED,
        REFUSED
    }

    private final int[] good = new int[MOST_INPUTS];
    private State state;
    private long tried;

    private BatchTrust(State state) {
        this.state = state;
    }

    /** @param possible whether the signature's shapes allow it */
    public static BatchTrust of(boolean possible) {
        return new BatchTrust(possible ? State.UNKNOWN : State.REFUSED);
    }

    /** The model's author says that it may be batched. */
    public static BatchTrust declared() {
        BatchTrust trust = new BatchTrust(State.TRUSTED);
        trust.tried = -1;
        return trust;
    }

    public synchronized boolean isTrusted() {
        return state == State.TRUSTED;
    }

    /** Trusted by what was seen of some rows, which need not hold of others: not by its author's word. */
    public synchronized boolean isBySight() {
        return state == State.TRUSTED && tried != -1;
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
     * @param telling of which inputs, see {@link #telling}
     */
    public synchronized void compare(List<List<Tensor>> alone, List<List<Tensor>> together, long telling) {
        if (state == State.REFUSED) {
            return;
        }
        for (int i = 0; i < alone.getFirst().size(); i++) {
            int output = i;
            if (!Likeness.same(
                    alone.stream().map(outputs -> outputs.get(output)).toList(),
                    together.stream().map(outputs -> outputs.get(output)).toList())) {
                state = State.REFUSED;
                return;
            }
        }
        for (int input = 0; input < MOST_INPUTS; input++) {
            if ((telling & 1L << input) != 0 && ++good[input] >= TRUSTED_AFTER) {
                tried |= 1L << input;
                state = State.TRUSTED;
            }
        }
    }

    /** Whether what was seen speaks for two requests together: their rows are all alike in those inputs of which nothing was seen. */
    public synchronized boolean covers(List<Tensor> one, List<Tensor> other) {
        if (state != State.TRUSTED) {
            return false;
        }
        for (int input = 0; input < one.size(); input++) {
            if ((tried & bit(input)) == 0 && !allAlike(one.get(input), other.get(input))) {
                return false;
            }
        }
        return true;
    }

    /** The inputs in which two requests differ, as bits: equal rows can't show that they were mixed. */
    public static long telling(List<Tensor> one, List<Tensor> other) {
        long telling = 0;
        for (int input = 0; input < one.size(); input++) {
            if (!one.get(input).data().equals(other.get(input).data()) && !allAlike(one.get(input), other.get(input))) {
                telling |= bit(input);
            }
        }
        return telling;
    }

    private static long bit(int input) {
        return 1L << Math.min(input, MOST_INPUTS - 1);
    }

    private static boolean allAlike(Tensor one, Tensor other) {
        ByteBuffer row = Rows.cut(one, 0, 1).data();
        return allAre(row, one) && allAre(row, other);
    }

    private static boolean allAre(ByteBuffer row, Tensor tensor) {
        for (int i = 0; i < tensor.shape()[0]; i++) {
            if (!Rows.cut(tensor, i, 1).data().equals(row)) {
                return false;
            }
        }
        return true;
    }
}
