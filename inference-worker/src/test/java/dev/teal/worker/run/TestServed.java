package dev.teal.worker.run;

import dev.teal.protocol.Color;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.worker.Assignment;
import java.util.List;

/** What is served where no run thread takes anything: the test is the run thread. */
final class TestServed {
    private TestServed() {}

    static Served of(int queueRequests, long queueBytes) {
        List<TensorSpec> rows = List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, 4L)));
        ModelSignature signature = new ModelSignature(rows, rows, 17);
        RuntimeSettings runtime = new RuntimeSettings(1, 1);
        Assignment assignment = new Assignment(
                "endpoint",
                "environment",
                Color.BLUE,
                "model",
                "1",
                "sha256:0",
                "/nowhere",
                null,
                null,
                signature,
                runtime);
        return Served.start(
                "sha256:0",
                new Model("endpoint", "1", signature, ModelConfig.NONE),
                null,
                runtime,
                new Served.Settings(0, 128, 0, 0, queueRequests, queueBytes, 1 << 20),
                new Meters(assignment));
    }
}
