package dev.teal.benchmark;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/** A request of the Open Inference Protocol over HTTP/1.1, as its bytes. Written apart from what is measured, so that both can't err alike. */
final class Question {
    private Question() {}

    static ByteBuffer json(String path, List<Tensor> inputs) {
        StringJoiner tensors = new StringJoiner(",", "{\"inputs\":[", "]}");
        inputs.forEach(input -> tensors.add(head(input) + ",\"data\":" + elements(input) + "}"));
        return http(path, "Content-Type: application/json\r\n", ascii(tensors.toString()));
    }

    /** Inputs as bytes behind the JSON, and the answer asked for in the same way. */
    static ByteBuffer binary(String path, List<Tensor> inputs) {
        StringJoiner tensors =
                new StringJoiner(",", "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[", "]}");
        inputs.forEach(input -> tensors.add(head(input) + ",\"parameters\":{\"binary_data_size\":"
                + input.data().remaining() + "}}"));
        byte[] json = ascii(tensors.toString());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json);
        inputs.forEach(input -> body.writeBytes(bytes(input)));
        String headers =
                "Content-Type: application/octet-stream\r\nInference-Header-Content-Length: " + json.length + "\r\n";
        return http(path, headers, body.toByteArray());
    }

    static byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[tensor.data().remaining()];
        tensor.data().duplicate().get(bytes);
        return bytes;
    }

    private static String head(Tensor input) {
        return "{\"name\":\"" + input.name() + "\",\"shape\":"
                + Arrays.toString(input.shape()).replace(" ", "") + ",\"datatype\":\"" + input.datatype() + "\"";
    }

    private static String elements(Tensor input) {
        ByteBuffer data = input.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        StringJoiner elements = new StringJoiner(",", "[", "]");
        while (data.hasRemaining()) {
            elements.add(
                    input.datatype() == Datatype.INT64
                            ? Long.toString(data.getLong())
                            : Float.toString(data.getFloat()));
        }
        return elements.toString();
    }

    private static ByteBuffer http(String path, String headers, byte[] body) {
        byte[] head = ascii("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: "
                + body.length + "\r\n\r\n");
        return ByteBuffer.allocateDirect(head.length + body.length)
                .put(head)
                .put(body)
                .flip();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
