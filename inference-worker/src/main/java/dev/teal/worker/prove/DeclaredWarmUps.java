package dev.teal.worker.prove;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelConfig.WarmUpRequest;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.worker.WorkerFailure.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The requests that a version's configuration wants made before the first client's. Each must be answered: whoever declared it says it is right. */
final class DeclaredWarmUps {
    private static final int MOST_REQUESTS = 1_000;

    /** The same numbers at each start, so that one that fails fails always. */
    private static final long SEED = 7;

    private DeclaredWarmUps() {}

    static void run(OwnSocket socket, ModelConfig config) throws IOException, Unproven {
        int left = MOST_REQUESTS;
        for (WarmUpRequest declared : config.warmUps()) {
            OwnRequest request = request(declared);
            for (int i = 0; i < declared.count() && left > 0; i++, left--) {
                OwnSocket.Answer answer = socket.infer(request, WarmUp.MOST_OF_AN_ANSWER);
                if (answer.status() != 200) {
                    String error = answer.error();
                    WarmUp.requireMemory(error);
                    throw new Unproven(
                            Code.WARM_UP_FAILED, "the declared warm-up '" + declared.name() + "' failed: " + error);
                }
            }
        }
    }

    private static OwnRequest request(WarmUpRequest declared) throws Unproven {
        RandomGenerator random = new SplittableRandom(SEED);
        List<Tensor> inputs = new ArrayList<>();
        for (WarmUpRequest.Input input : declared.inputs()) {
            long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
            long elements = SyntheticRequest.elements(input.datatype(), shape);
            if (elements < 0) {
                throw new Unproven(
                        Code.WARM_UP_FAILED,
                        "the declared warm-up '" + declared.name() + "' is too large: " + input.shape());
            }
            inputs.add(new Tensor(input.name(), input.datatype(), shape, data(input, (int) elements, random)));
        }
        return OwnRequest.binary(inputs, List.of());
    }

    /** Random elements are small: as indices or tokens they are likelier to be valid, and as numbers they are as good as any. */
    private static ByteBuffer data(WarmUpRequest.Input input, int elements, RandomGenerator random) {
        Datatype datatype = input.datatype();
        int bytes = SyntheticRequest.elementBytes(datatype);
        ByteBuffer data = ByteBuffer.allocate(elements * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements && input.random(); i++) {
            switch (datatype) {
                case FP32 -> data.putFloat(random.nextFloat());
                case FP64 -> data.putDouble(random.nextDouble());
                case INT64, UINT64 -> data.putLong(random.nextInt(2));
                case INT32, UINT32 -> data.putInt(random.nextInt(2));
                case INT16, UINT16 -> data.putShort((short) random.nextInt(2));
                case INT8, UINT8, BOOL -> data.put((byte) random.nextInt(2));
                case FP16, BF16, BYTES -> data.position(data.position() + bytes);
            }
        }
        return data.rewind();
    }
}
