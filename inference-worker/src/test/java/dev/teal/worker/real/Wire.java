package dev.teal.worker.real;

import dev.teal.protocol.Json;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The ways to ask over REST, written from the protocol's text and not with the codecs that the worker reads with. */
public enum Wire {
    JSON {
        @Override
        public Message question(List<Tensor> inputs) {
            ObjectNode request = Json.MAPPER.createObjectNode();
            ArrayNode tensors = request.putArray("inputs");
            for (Tensor input : inputs) {
                ArrayNode data = describe(tensors, input).putArray("data");
                ByteBuffer elements = Values.little(input);
                while (elements.hasRemaining()) {
                    if (input.datatype() == Datatype.INT64) {
                        data.add(elements.getLong());
                    } else {
                        data.add(elements.getFloat());
                    }
                }
            }
            return new Message(Json.MAPPER.writeValueAsBytes(request), -1);
        }
    },
    BINARY {
        @Override
        public Message question(List<Tensor> inputs) {
            ObjectNode request = Json.MAPPER.createObjectNode();
            request.putObject("parameters").put("binary_data_output", true);
            ArrayNode tensors = request.putArray("inputs");
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            for (Tensor input : inputs) {
                byte[] elements = new byte[Values.little(input).remaining()];
                Values.little(input).get(elements);
                data.writeBytes(elements);
                describe(tensors, input).putObject("parameters").put("binary_data_size", elements.length);
            }
            byte[] json = Json.MAPPER.writeValueAsBytes(request);
            body.writeBytes(json);
            body.writeBytes(data.toByteArray());
            return new Message(body.toByteArray(), json.length);
        }
    };

    public static final String JSON_LENGTH = "Inference-Header-Content-Length";

    /** @param jsonLength of the JSON in front of binary tensors; -1 where all is JSON */
    public record Message(byte[] body, int jsonLength) {}

    public abstract Message question(List<Tensor> inputs);

    private static ObjectNode describe(ArrayNode tensors, Tensor input) {
        ObjectNode described = tensors.addObject()
                .put("name", input.name())
                .put("datatype", input.datatype().toString());
        ArrayNode shape = described.putArray("shape");
        for (long dimension : input.shape()) {
            shape.add(dimension);
        }
        return described;
    }

    /** FP32 outputs of an answer, whichever of them are binary. */
    public static Map<String, Tensor> answer(Message message) throws IOException {
        int jsonLength = message.jsonLength() < 0 ? message.body().length : message.jsonLength();
        JsonNode answer = Json.MAPPER.readTree(new String(message.body(), 0, jsonLength, StandardCharsets.UTF_8));
        ByteBuffer binary = ByteBuffer.wrap(message.body()).position(jsonLength).slice();
        Map<String, Tensor> outputs = new HashMap<>();
        for (JsonNode output : answer.path("outputs")) {
            if (!output.path("datatype").asString().equals("FP32")) {
                throw new IOException("not FP32: " + output);
            }
            long[] shape = new long[output.path("shape").size()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = output.path("shape").get(i).asLong();
            }
            String name = output.path("name").asString();
            JsonNode size = output.path("parameters").path("binary_data_size");
            outputs.put(
                    name,
                    size.isNumber()
                            ? Values.floats(name, take(binary, size.asInt()), shape)
                            : Values.floats(name, numbers(output.path("data")), shape));
        }
        return outputs;
    }

    private static float[] take(ByteBuffer binary, int bytes) {
        float[] values = new float[bytes / Float.BYTES];
        ByteBuffer own = binary.slice(binary.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        own.asFloatBuffer().get(values);
        binary.position(binary.position() + bytes);
        return values;
    }

    private static float[] numbers(JsonNode data) {
        float[] values = new float[data.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(data.get(i).asString());
        }
        return values;
    }
}
