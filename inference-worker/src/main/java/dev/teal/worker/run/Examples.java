package dev.teal.worker.run;

import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.run.domain.BatchTrust;
import dev.teal.worker.run.domain.RowShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Inputs of the worker's own requests, golden samples for the most part. Where all clients ask the same, their rows can't show whether the model mixes
 * rows; beside an example's they can. For several threads.
 */
final class Examples {
    private static final int MOST = 8;
    private static final long MOST_BYTES = 1 << 20;

    private final List<Example> kept = new ArrayList<>();
    private long bytes;

    /** @param inputs in the model's order */
    record Example(RowShape shape, List<Tensor> inputs) {}

    /** Keeps a copy, where there is room for it and it is a new one. */
    synchronized void keep(Question question) {
        RowShape shape = question.shape();
        if (shape == null
                || question.rows() > Trial.MOST_ROWS
                || kept.size() == MOST
                || bytes + question.bytes() > MOST_BYTES
                || kept.stream().anyMatch(example -> example.inputs().equals(question.inputs()))) {
            return;
        }
        bytes += question.bytes();
        kept.add(new Example(
                shape, question.inputs().stream().map(Examples::copy).toList()));
    }

    private static Tensor copy(Tensor tensor) {
        ByteBuffer data = ByteBuffer.allocate(tensor.data().remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(tensor.data().duplicate())
                .flip();
        return new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), data);
    }

    /** One that can be computed together with a request and differs from it; another one each time, as far as there are some. */
    synchronized Optional<Example> besides(Question question) {
        Optional<Example> next = kept.stream()
                .filter(example -> example.shape().equals(question.shape())
                        && BatchTrust.telling(question.inputs(), example.inputs()) != 0)
                .findFirst();
        next.ifPresent(example -> {
            kept.remove(example);
            kept.addLast(example);
        });
        return next;
    }

    /** It shows nothing. */
    synchronized void drop(Example example) {
        kept.remove(example);
    }

    /** None is needed any more. */
    synchronized void clear() {
        kept.clear();
    }
}
