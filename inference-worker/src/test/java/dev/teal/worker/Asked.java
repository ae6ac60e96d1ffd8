package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Json;
import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceCodec;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** What clients send and read, in each way in which a tensor may travel. */
final class Asked {
    static final String PATH = "/v2/models/endpoint/infer";

    private Asked() {}

    /** A body, and how much of it is JSON; -1: all of it, and no header says so. */
    record Body(byte[] bytes, int jsonBytes) {
        String[] headers() {
            return jsonBytes < 0 ? new String[0] : new String[] {"Inference-Header-Content-Length: " + jsonBytes};
        }
    }

    /** @param binary of each input */
    static Body body(InferenceRequest request, boolean... binary) {
        ByteWriter out = new ByteWriter();
        InferenceCodec.write(request, binary, out);
        int json = out.size();
        InferenceCodec.writeBinary(request.inputs(), binary, out);
        boolean any = false;
        for (boolean one : binary) {
            any |= one;
        }
        return new Body(out.toByteArray(), any ? json : -1);
    }

    /** JSON, and bytes behind it. */
    static Body body(String json, byte... behind) {
        byte[] text = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(text, text.length + behind.length);
        System.arraycopy(behind, 0, all, text.length, behind.length);
        return new Body(all, text.length);
    }

    static UnixHttp.Response infer(TestWorker worker, Body body) throws IOException {
        return worker.infer(body.bytes(), body.headers());
    }

    static InferenceResponse answer(UnixHttp.Response response) {
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        int json = response.header("Inference-Header-Content-Length")
                .map(Integer::parseInt)
                .orElse(-1);
        assertThat(response.header("Content-Type"))
                .contains(json < 0 ? "application/json" : "application/octet-stream");
        if (json < 0) {
            return dev.teal.protocol.oip.InferenceJson.readResponse(response.body());
        }
        return InferenceCodec.readResponse(RequestBody.of(response.body()), json, TensorAllocator.HEAP);
    }

    static String error(UnixHttp.Response response) {
        JsonNode json = Json.MAPPER.readTree(response.body());
        assertThat(json.propertyNames()).containsExactly("error");
        return json.path("error").asString();
    }

    static Tensor floats(String name, long[] shape, float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        return new Tensor(name, Datatype.FP32, shape, data.flip());
    }

    static float[] floats(Tensor tensor) {
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(values);
        return values;
    }

    /** The model's statistics. */
    static JsonNode statistics(TestWorker worker) throws IOException {
        UnixHttp.Response response = worker.get("/v2/models/endpoint/stats");
        assertThat(response.status()).isEqualTo(200);
        return Json.MAPPER.readTree(response.body()).path("model_stats").path(0);
    }
}
