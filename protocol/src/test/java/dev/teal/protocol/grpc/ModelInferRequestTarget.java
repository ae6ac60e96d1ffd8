package dev.teal.protocol.grpc;

import dev.teal.protocol.fuzz.FuzzTarget;
import dev.teal.protocol.oip.CountingAllocator;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.PiecedBody;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

/** Inference requests as gRPC messages. */
public final class ModelInferRequestTarget implements FuzzTarget {
    /** An element takes a byte of the message at least, and 8 of a tensor at most. */
    private static final int MOST_EXPANSION = 8;

    @Override
    public String name() {
        return "grpc-request";
    }

    @Override
    public List<byte[]> seeds() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        return Stream.generate(() -> RandomRequests.next(random).message().toByteArray())
                .limit(40)
                .toList();
    }

    @Override
    public List<byte[]> words() {
        return FuzzTarget.words(
                "FP16",
                "BYTES",
                "UINT64",
                "classification",
                "timeout",
                "triton_enable_empty_final_response",
                "\u00ff\u00ff\u007f",
                ":\u0000",
                "*\u0002");
    }

    @Override
    public String run(byte[] input) {
        CountingAllocator memory = new CountingAllocator();
        try {
            ModelInferRequest read = ModelInferRequest.read(new PiecedBody(input), memory);
            if (!ModelInferRequest.targetOf(new PiecedBody(input)).model().equals(read.model())) {
                throw new AssertionError("two readings give two models");
            }
            return read.request().inputs().toString();
        } catch (InvalidInference e) {
            return String.valueOf(e.getMessage());
        } finally {
            if (memory.bytes() > (long) MOST_EXPANSION * input.length) {
                throw new AssertionError(memory.bytes() + " bytes of tensors from " + input.length);
            }
        }
    }
}
