package dev.teal.worker;

import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.GoldenSamples;
import dev.teal.protocol.oip.InferenceJson;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.worker.Assignment;
import dev.teal.worker.onnx.IdentityModel;
import dev.teal.worker.run.Meters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a worker does while it waits in the pool: it loads and links what its assignment will need, so that a wake does not wait for it.
 * Nothing of it is seen or kept.
 */
final class Rehearsal {
    private Rehearsal() {}

    static void run() {
        Assignment example = new Assignment(
                "rehearsal",
                "rehearsal",
                Color.BLUE,
                "rehearsal",
                "1",
                "sha256:",
                "none",
                null,
                null,
                new IdentityModel(Datatype.FP32).signature(),
                new RuntimeSettings(1, 1));
        new Meters(Json.MAPPER.readValue(Json.MAPPER.writeValueAsBytes(example), Assignment.class)).scrape();
        GoldenSamples.read("[]".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer data = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        Tensor tensor = new Tensor("x", Datatype.FP32, new long[] {1}, data);
        InferenceJson.readRequest(InferenceJson.write(new InferenceRequest(null, List.of(tensor), List.of())));
        InferenceJson.write(new InferenceResponse("m", "1", null, List.of(tensor)));
    }
}
