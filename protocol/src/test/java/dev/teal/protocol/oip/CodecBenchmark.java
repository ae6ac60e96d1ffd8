package dev.teal.protocol.oip;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What reading and writing cost in processor time, beside Jackson's stream and {@code Float.toString} in the same run: a table on standard
 * output. Run it pinned to one core, with numbers of elements where the usual three are not wanted.
 */
public final class CodecBenchmark {
    private static final int ROUNDS = 7;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final JsonFactory JACKSON = new JsonFactory();

    private CodecBenchmark() {}

    private interface Work {
        long once() throws Exception;
    }

    public static void main(String... args) throws Exception {
        int[] sizes = args.length == 0
                ? new int[] {30, 1_024, 150_528}
                : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
        for (int elements : sizes) {
            Tensor floats = floats(elements, Datatype.FP32);
            Tensor doubles = floats(elements, Datatype.FP64);
            compare("FP32 as floats print", floats, text(floats, false));
            compare("FP32 as doubles print", floats, text(floats, true));
            compare("FP64", doubles, text(doubles, true));
        }
        binary();
    }

    private static void compare(String what, Tensor tensor, String data) throws Exception {
        String shape = "[1," + tensor.elements() + "]";
        byte[] json = ("{\"inputs\":[{\"name\":\"input\",\"shape\":" + shape + ",\"datatype\":\"" + tensor.datatype()
                        + "\",\"data\":[" + data + "]}]}")
                .getBytes(StandardCharsets.US_ASCII);
        int elements = (int) tensor.elements();
        ByteBuffer pooled = ByteBuffer.allocateDirect(elements * 8).order(ByteOrder.LITTLE_ENDIAN);
        TensorAllocator memory = bytes -> pooled.clear().limit(bytes);
        InferenceResponse response = new InferenceResponse("model", "1", null, List.of(tensor));
        boolean[] none = {false};
        ByteWriter out = new ByteWriter();
        print(
                what + ", read",
                elements,
                json.length,
                () -> InferenceCodec.readRequest(json, 0, json.length, memory)
                        .inputs()
                        .size());
        print(what + ", read by Jackson", elements, json.length, () -> jackson(json, memory.allocate(elements * 8)));
        InferenceCodec.write(response, none, out);
        print(what + ", write", elements, out.size(), () -> {
            out.clear();
            InferenceCodec.write(response, none, out);
            return out.size();
        });
        print(what + ", write by Float.toString", elements, out.size(), () -> strings(tensor));
    }

    private static void binary() throws Exception {
        Tensor tensor = floats(150_528, Datatype.FP32);
        InferenceRequest request = new InferenceRequest(null, List.of(tensor), List.of());
        ByteWriter body = new ByteWriter();
        boolean[] all = {true};
        InferenceCodec.write(request, all, body);
        int jsonBytes = body.size();
        InferenceCodec.writeBinary(request.inputs(), all, body);
        RequestBody whole = RequestBody.of(body.toByteArray());
        ByteBuffer pooled = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        ByteWriter scratch = new ByteWriter();
        print(
                "FP32 binary, read",
                150_528,
                whole.length(),
                () -> InferenceCodec.readRequest(
                                whole,
                                jsonBytes,
                                scratch,
                                bytes -> pooled.clear().limit(bytes))
                        .inputs()
                        .size());
    }

    private static long jackson(byte[] json, ByteBuffer to) {
        long count = 0;
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                    to.putFloat(parser.getFloatValue());
                    count++;
                }
            }
        }
        return count;
    }

    private static long strings(Tensor tensor) {
        StringBuilder text = new StringBuilder();
        ByteBuffer data = tensor.data();
        for (int i = 0; i < data.limit(); i += tensor.datatype().elementBytes()) {
            if (tensor.datatype() == Datatype.FP32) {
                text.append(data.getFloat(i)).append(',');
            } else {
                text.append(data.getDouble(i)).append(',');
            }
        }
        return text.length();
    }

    private static void print(String what, int elements, int bytes, Work work) throws Exception {
        double best = Double.MAX_VALUE;
        long times = Math.max(20, 40_000_000L / bytes);
        for (int round = 0; round < ROUNDS; round++) {
            long begun = THREADS.getCurrentThreadCpuTime();
            long sum = 0;
            for (long i = 0; i < times; i++) {
                sum += work.once();
            }
            if (sum == 0) {
                throw new IllegalStateException(what + " did nothing");
            }
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - begun) / (double) times);
        }
        System.out.printf(
                Locale.ROOT,
                "%-44s %,8d elements %,10.2f us %7.1f ns an element %6.0f MB/s%n",
                what,
                elements,
                best / 1e3,
                best / elements,
                bytes / best * 1e3);
    }

    private static Tensor floats(int elements, Datatype datatype) {
        Random random = new Random(7);
        ByteBuffer data =
                ByteBuffer.allocate(elements * datatype.elementBytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            if (datatype == Datatype.FP32) {
                data.putFloat((float) random.nextGaussian());
            } else {
                data.putDouble(random.nextGaussian());
            }
        }
        return new Tensor("output", datatype, new long[] {1, elements}, data.flip());
    }

    private static String text(Tensor tensor, boolean wide) {
        StringBuilder text = new StringBuilder();
        ByteBuffer data = tensor.data();
        for (int i = 0; i < data.limit(); i += tensor.datatype().elementBytes()) {
            text.append(i == 0 ? "" : ",");
            if (tensor.datatype() == Datatype.FP64) {
                text.append(data.getDouble(i));
            } else if (wide) {
                text.append((double) data.getFloat(i));
            } else {
                text.append(data.getFloat(i));
            }
        }
        return text.toString();
    }
}
