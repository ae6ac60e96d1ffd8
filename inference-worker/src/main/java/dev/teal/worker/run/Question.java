package dev.teal.worker.run;

import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.run.domain.RowShape;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job whose request is read and fits the model.
 *
 * @param inputs in the model's order
 * @param wanted names of outputs, in the model's order
 * @param rows of its inputs; 1 where they are not rows
 * @param shape of one row; null where it can't be computed together with others
 * @param cacheKey null where no answers are kept
 * @param takenNanos when it left the line
 * @param readNanos what reading it took
 */
record Question(
        Job job,
        InferenceRequest request,
        List<Tensor> inputs,
        List<String> wanted,
        int rows,
        @Nullable RowShape shape,
        @Nullable ByteBuffer cacheKey,
        long takenNanos,
        long readNanos) {
    /** Of its inputs' elements. */
    long bytes() {
        return inputs.stream().mapToLong(input -> input.data().remaining()).sum();
    }
}
