package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether first dimensions are a batch's is the model's to say, and shapes are what its configuration made of them. */
class BatchOfShapesTest {
    private static final ModelConfig WHOLE = new ModelConfig(0, null, Map.of(), List.of());
    private static final RuntimeSettings RUNTIME = new RuntimeSettings(1, 1);

    @TempDir
    Path directory;

    private static Tensor answered(TestWorker worker, InferenceRequest request) throws IOException {
        return Asked.answer(Asked.infer(worker, Asked.body(request, false)))
                .outputs()
                .getFirst();
    }

    private static InferenceRequest classified(Tensor input, int classes) {
        return new InferenceRequest(
                null, Schedule.NONE, List.of(input), List.of(new RequestedOutput("y0", false, classes)), false);
    }

    private static UnixHttp.Response raw(TestWorker worker, int bytes) throws IOException {
        return worker.infer(new byte[bytes], "Inference-Header-Content-Length: 0");
    }

    @Test
    void anOutputOfRowsIsClassifiedRowByRow() throws IOException {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1).served(RUNTIME, ModelConfig.NONE)) {
            Tensor made = answered(worker, classified(Asked.floats("x0", new long[] {2}, 1, 2), 3));

            assertThat(made.shape()).containsExactly(2, 1);
        }
    }

    @Test
    void withoutABatchAnOutputIsOneRow() throws IOException {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, 2, 3).served(RUNTIME, WHOLE)) {
            Tensor made = answered(worker, classified(Asked.floats("x0", new long[] {2, 3}, 1, 2, 9, 4, 5, 6), 2));

            assertThat(made.shape()).containsExactly(2);
            byte[] first = new byte[made.data().getInt(0)];
            made.data().get(Integer.BYTES, first);
            assertThat(new String(first, java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("9.000000:2");
        }
    }

    @Test
    void aRawRequestIsABatchOfOneWhereThereIsABatch() throws IOException {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1).served(RUNTIME, ModelConfig.NONE)) {
            assertThat(Asked.answer(raw(worker, 4)).outputs().getFirst().shape())
                    .containsExactly(1);
            UnixHttp.Response three = raw(worker, 12);
            assertThat(three.status()).isEqualTo(400);
            assertThat(Asked.error(three)).isEqualTo("input byte size mismatch for input 'x0'. Expected 4, got 12");
        }
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1).served(RUNTIME, WHOLE)) {
            assertThat(Asked.answer(raw(worker, 12)).outputs().getFirst().shape())
                    .containsExactly(3);
        }
    }

    @Test
    void whatTheConfigurationLeavesLessOpenIsHeldTo() throws IOException {
        TestModel model = TestModel.identity(Datatype.FP32, -1, -1);
        Path file = Files.write(directory.resolve("model.onnx"), model.bytes());
        ModelSignature narrow = new ModelSignature(
                List.of(new TensorSpec("x0", Datatype.FP32, List.of(-1L, 4L))),
                List.of(new TensorSpec("y0", Datatype.FP32, List.of(-1L, 4L))),
                model.signature().opset());
        try (TestWorker worker = new TestWorker()) {
            worker.prove(TestWorker.assignment(file, null, narrow, RUNTIME));

            UnixHttp.Response refused = Asked.infer(
                    worker,
                    Asked.body(
                            new InferenceRequest(
                                    null, List.of(Asked.floats("x0", new long[] {1, 5}, 1, 2, 3, 4, 5)), List.of()),
                            false));

            assertThat(refused.status()).isEqualTo(400);
            assertThat(Asked.error(refused))
                    .isEqualTo("unexpected shape for input 'x0' for model 'endpoint'. Expected [-1,4], got [1,5]");
            assertThat(answered(
                                    worker,
                                    new InferenceRequest(
                                            null,
                                            List.of(Asked.floats("x0", new long[] {1, 4}, 1, 2, 3, 4)),
                                            List.of()))
                            .shape())
                    .containsExactly(1, 4);
        }
    }
}
