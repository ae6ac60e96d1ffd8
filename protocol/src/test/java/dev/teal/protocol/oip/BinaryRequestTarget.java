package dev.teal.protocol.oip;

import dev.teal.protocol.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGeneratorFactory;

/** Requests with binary tensors: four bytes that say where the JSON ends, then the body. */
public final class BinaryRequestTarget implements FuzzTarget {
    private static final ModelSignature RAW =
            new ModelSignature(List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, -1L, 3L))), List.of(), 17);

    @Override
    public String name() {
        return "binary-request";
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (Datatype datatype : Datatype.values()) {
            List<Tensor> inputs = List.of(
                    RandomTensors.next(random, "x", datatype, 2, 3),
                    RandomTensors.next(random, "y", Datatype.INT32, 2),
                    RandomTensors.next(random, "z", Datatype.BYTES, 3));
            boolean[] binary = {true, random.nextBoolean(), true};
            ByteWriter body = new ByteWriter();
            InferenceCodec.write(new InferenceRequest("id", inputs, List.of("o")), binary, body);
            int jsonBytes = body.size();
            InferenceCodec.writeBinary(inputs, binary, body);
            seeds.add(seed(jsonBytes, body));
        }
        seeds.add(new byte[4 + 24]);
        return seeds;
    }

    static byte[] seed(int jsonBytes, ByteWriter body) {
        return ByteBuffer.allocate(4 + body.size())
                .putInt(jsonBytes)
                .put(body.array(), 0, body.size())
                .array();
    }

    @Override
    public List<byte[]> words() {
        return OipWords.WORDS;
    }

    @Override
    public String run(byte[] input) {
        if (input.length < 4) {
            return "too short";
        }
        int jsonBytes = ByteBuffer.wrap(input).getInt();
        byte[] bytes = Arrays.copyOfRange(input, 4, input.length);
        RequestBody body = RequestBody.of(bytes);
        CountingAllocator memory = new CountingAllocator();
        try {
            InferenceRequest request = jsonBytes == 0
                    ? InferenceCodec.readRaw(body, RAW, true, memory)
                    : InferenceCodec.readRequest(body, jsonBytes, memory);
            requireSame(request);
            return "ok " + OipWords.datatypes(request.inputs());
        } catch (InvalidInference e) {
            return String.valueOf(e.getMessage());
        } finally {
            OipWords.requireProportion(memory, bytes);
        }
    }

    /** What was read can be written, and reads the same again. */
    private static void requireSame(InferenceRequest request) {
        boolean[] binary = new boolean[request.inputs().size()];
        Arrays.fill(binary, true);
        ByteWriter out = new ByteWriter();
        InferenceCodec.write(request, binary, out);
        int jsonBytes = out.size();
        InferenceCodec.writeBinary(request.inputs(), binary, out);
        InferenceRequest again =
                InferenceCodec.readRequest(RequestBody.of(out.toByteArray()), jsonBytes, TensorAllocator.HEAP);
        if (!again.equals(request)) {
            throw new AssertionError("read " + request + " and again " + again);
        }
    }
}
