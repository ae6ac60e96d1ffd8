package dev.teal.worker.prove;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Inputs made from a signature alone: open dimensions are 1, numbers zero, strings empty. */
final class SyntheticRequest {
    private static final long MAX_ELEMENTS = 16_000_000;

    private SyntheticRequest() {}

    /** @throws IllegalArgumentException if the shape is too large to try */
    static List<Tensor> of(ModelSignature signature) {
        List<Tensor> inputs = new ArrayList<>();
        for (TensorSpec spec : signature.inputs()) {
            long[] shape = spec.shape().stream()
                    .mapToLong(dimension -> dimension == -1 ? 1 : dimension)
                    .toArray();
            long elements = Tensor.elements(shape);
            if (elements > MAX_ELEMENTS) {
                throw new IllegalArgumentException("'" + spec.name() + "' has " + elements + " elements");
            }
            // An empty string is its length alone, four bytes of zero.
            int elementBytes =
                    spec.datatype() == Datatype.BYTES ? 4 : spec.datatype().elementBytes();
            ByteBuffer zeros =
                    ByteBuffer.allocate((int) elements * elementBytes).order(ByteOrder.LITTLE_ENDIAN);
            inputs.add(new Tensor(spec.name(), spec.datatype(), shape, zeros));
        }
        return inputs;
    }
}
