package dev.teal.worker.prove;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelConfig.WarmUpRequest;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Inputs made from a signature alone: open dimensions are 1, numbers zero, strings empty. */
final class SyntheticRequest {
    /** As JSON an element takes two to four characters. */
    private static final long MAX_ELEMENTS = 16 << 20;

    private SyntheticRequest() {}

    /** @throws IllegalArgumentException if the shape is too large to try */
    static List<Tensor> of(ModelSignature signature) {
        List<Tensor> inputs = new ArrayList<>();
        for (TensorSpec spec : signature.inputs()) {
            long[] shape = spec.shape().stream()
                    .mapToLong(dimension -> dimension == -1 ? 1 : dimension)
                    .toArray();
            long elements = elements(spec.datatype(), shape);
            if (elements < 0) {
                throw new IllegalArgumentException("'" + spec.name() + "' is too large: " + spec.shape());
            }
            ByteBuffer zeros = ByteBuffer.allocate((int) elements * elementBytes(spec.datatype()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            inputs.add(new Tensor(spec.name(), spec.datatype(), shape, zeros));
        }
        return inputs;
    }

    /** Negative where there are more than are worth a try. */
    static long elements(Datatype datatype, long[] shape) {
        try {
            long elements = Tensor.elements(shape);
            return elements > Math.min(MAX_ELEMENTS, WarmUpRequest.MOST_BYTES / elementBytes(datatype)) ? -1 : elements;
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    /** An empty string is its length alone, four bytes of zero. */
    static int elementBytes(Datatype datatype) {
        return datatype == Datatype.BYTES ? 4 : datatype.elementBytes();
    }
}
