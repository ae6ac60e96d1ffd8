package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A request that is its one input's elements and nothing else: a batch of one, whose outputs all come as binary tensors. One more open
 * dimension follows from the number of bytes.
 */
final class RawRequest {
    private RawRequest() {}

    static InferenceRequest read(RequestBody body, ModelSignature signature, boolean batched, TensorAllocator memory) {
        if (signature.inputs().size() != 1) {
            throw new InvalidInference("Raw request must only have 1 input (found 1) to be deduced but got "
                    + signature.inputs().size() + " inputs in the model; send JSON with binary data instead");
        }
        TensorSpec spec = signature.inputs().getFirst();
        long[] shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
        if (batched) {
            shape[0] = 1;
        }
        ByteBuffer data;
        if (spec.datatype() == Datatype.BYTES) {
            requireOneElement(spec, shape);
            data = memory.allocate(Math.addExact(Integer.BYTES, body.length())).putInt(body.length());
        } else {
            deduce(spec, shape, body.length());
            data = memory.allocate(body.length());
        }
        body.copy(0, data);
        Tensor input = new Tensor(spec.name(), spec.datatype(), shape, data.flip());
        InferenceCodec.requireWhole(input);
        return new InferenceRequest(null, Schedule.NONE, List.of(input), List.of(), true);
    }

    private static void requireOneElement(TensorSpec spec, long[] shape) {
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] != 1 && shape[i] != -1) {
                throw new InvalidInference("For BYTES datatype raw input, the model must have input shape [1], but '"
                        + spec.name() + "' has " + spec.shape());
            }
            shape[i] = 1;
        }
    }

    private static long times(long rest, long dimension, TensorSpec spec) {
        try {
            return Math.multiplyExact(rest, dimension);
        } catch (ArithmeticException e) {
            throw new InvalidInference("'" + spec.name() + "' has a shape of more elements than can be counted", e);
        }
    }

    private static void deduce(TensorSpec spec, long[] shape, int bytes) {
        int open = -1;
        long rest = spec.datatype().elementBytes();
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] != -1) {
                rest = times(rest, shape[i], spec);
            } else if (open == -1) {
                open = i;
            } else {
                throw new InvalidInference("The shape of the raw input '" + spec.name()
                        + "' can not be deduced because there are more than one variable-sized dimension");
            }
        }
        if (open == -1 ? rest != bytes : rest == 0 ? bytes != 0 : bytes % rest != 0) {
            throw BinaryTensors.mismatch("input", spec.name(), rest, bytes);
        }
        if (open != -1) {
            shape[open] = rest == 0 ? 0 : bytes / rest;
        }
    }
}
