package dev.teal.worker.run;

import dev.teal.protocol.Color;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.worker.Assignment;
import dev.teal.worker.onnx.OnnxSession;
import java.util.List;

/** What is served, mostly where no run thread takes anything: the test is the run thread. */
final class TestServed {
    private TestServed() {}

    static Served of(int queueRequests, long queueBytes) {
        List<TensorSpec> rows = List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, 4L)));
        return of(new ModelSignature(rows, rows, 17), null, 0, queueRequests, queueBytes);
    }

    /** With one run thread. */
    static Served of(ModelSignature signature, OnnxSession session) {
        return of(signature, session, 1, 100, 1 << 20);
    }

    private static Served of(
            ModelSignature signature, OnnxSession session, int threads, int queueRequests, long queueBytes) {
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
        return new Served(
                        "sha256:0",
                        new Model("endpoint", "1", signature, ModelConfig.NONE),
                        session,
                        runtime,
                        new Served.Settings(threads, 128, 0, 0, queueRequests, queueBytes, 1 << 20),
                        new Meters(assignment))
                .start();
    }
}
