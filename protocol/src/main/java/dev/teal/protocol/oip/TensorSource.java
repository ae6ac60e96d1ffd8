package dev.teal.protocol.oip;

import org.jspecify.annotations.Nullable;

/**
 * Where tensors are read from, and to.
 *
 * @param binary what lies behind the JSON; null where nothing does
 * @param halfFloats whether FP16 and BF16 may be JSON numbers, which the protocol does not allow
 */
record TensorSource(
        JsonCursor cursor, TensorAllocator memory, @Nullable BinaryTensors binary, boolean halfFloats) {}
