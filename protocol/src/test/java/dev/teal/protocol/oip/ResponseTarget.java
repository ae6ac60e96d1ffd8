package dev.teal.protocol.oip;

import dev.teal.protocol.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGeneratorFactory;

/** Responses, as a client or the gateway's comparison reads them: four bytes that say where the JSON ends, then the body. */
public final class ResponseTarget implements FuzzTarget {
    @Override
    public String name() {
        return "response";
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(2);
        for (Datatype datatype : Datatype.values()) {
            List<Tensor> outputs = List.of(
                    RandomTensors.next(random, "x", datatype, 2, 2), RandomTensors.next(random, "y", Datatype.FP64, 3));
            boolean[] binary = {BinaryOnly.is(datatype) || random.nextBoolean(), random.nextBoolean()};
            ByteWriter body = new ByteWriter();
            InferenceCodec.write(new InferenceResponse("m", "1", "id", outputs), binary, body);
            int jsonBytes = body.size();
            InferenceCodec.writeBinary(outputs, binary, body);
            seeds.add(BinaryRequestTarget.seed(binary[0] || binary[1] ? jsonBytes : -1, body));
        }
        return seeds;
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
        byte[] bytes = Arrays.copyOfRange(input, 4, input.length);
        CountingAllocator memory = new CountingAllocator();
        try {
            InferenceResponse response = InferenceCodec.readResponse(
                    RequestBody.of(bytes), ByteBuffer.wrap(input).getInt(), memory);
            return "ok " + OipWords.datatypes(response.outputs());
        } catch (InvalidInference e) {
            return String.valueOf(e.getMessage());
        } finally {
            OipWords.requireProportion(memory, bytes);
        }
    }
}
