package dev.teal.protocol.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Requests as the generated classes write them, beside the tensors that they are made of. */
public final class RandomRequests {
    private RandomRequests() {}

    public record Made(ModelInferRequest message, List<Tensor> tensors) {}

    public static Made next(RandomGenerator random) {
        boolean raw = random.nextBoolean();
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName("model-é")
                .setModelVersion(random.nextBoolean() ? "7" : "")
                .setId("id-" + random.nextInt(100))
                .putParameters("priority", whole(random.nextInt(5)))
                .putParameters(
                        "custom",
                        InferParameter.newBuilder().setDoubleParam(0.5).build());
        List<Tensor> tensors = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            Datatype datatype = Datatype.values()[random.nextInt(Datatype.values().length)];
            if (!raw && (datatype == Datatype.FP16 || datatype == Datatype.BF16)) {
                datatype = Datatype.FP32;
            }
            Tensor tensor = RandomTensors.next(random, "in" + i, datatype);
            tensors.add(tensor);
            add(request, tensor, raw);
        }
        return new Made(request.build(), tensors);
    }

    public static InferParameter whole(long value) {
        return InferParameter.newBuilder().setInt64Param(value).build();
    }

    /** An input, its elements raw or typed. */
    public static void add(ModelInferRequest.Builder request, Tensor tensor, boolean raw) {
        ModelInferRequest.InferInputTensor.Builder input = ModelInferRequest.InferInputTensor.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.datatype().name());
        for (long dimension : tensor.shape()) {
            input.addShape(dimension);
        }
        if (raw) {
            request.addRawInputContents(
                    UnsafeByteOperations.unsafeWrap(tensor.data().duplicate()));
        } else {
            input.setContents(contents(tensor));
        }
        request.addInputs(input);
    }

    private static InferTensorContents contents(Tensor tensor) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            switch (tensor.datatype()) {
                case BOOL -> contents.addBoolContents(data.get() != 0);
                case INT8 -> contents.addIntContents(data.get());
                case INT16 -> contents.addIntContents(data.getShort());
                case INT32 -> contents.addIntContents(data.getInt());
                case INT64 -> contents.addInt64Contents(data.getLong());
                case UINT8 -> contents.addUintContents(data.get() & 0xff);
                case UINT16 -> contents.addUintContents(data.getShort() & 0xffff);
                case UINT32 -> contents.addUintContents(data.getInt());
                case UINT64 -> contents.addUint64Contents(data.getLong());
                case FP32 -> contents.addFp32Contents(data.getFloat());
                case FP64 -> contents.addFp64Contents(data.getDouble());
                case BYTES -> {
                    byte[] element = new byte[data.getInt()];
                    data.get(element);
                    contents.addBytesContents(ByteString.copyFrom(element));
                }
                case FP16, BF16 -> throw new IllegalArgumentException(tensor.datatype() + " has no typed contents");
            }
        }
        return contents.build();
    }
}
