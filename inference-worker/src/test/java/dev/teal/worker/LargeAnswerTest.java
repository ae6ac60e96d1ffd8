package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.worker.WorkerState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An answer that is larger than what Java's heap has room for. */
class LargeAnswerTest {
    private static final int ROWS = 10_000;

    @TempDir
    Path directory;

    @Test
    void aRequestThatIsComputedInPartsIsNotPutTogetherInTheHeap() throws Exception {
        TestModel model = TestModel.identity(Datatype.FP32, -1, 1_024);
        Path file = Files.write(directory.resolve("model.onnx"), model.bytes());
        try (WorkerProcess worker = new WorkerProcess(List.of("-Xmx40m", "-XX:MaxDirectMemorySize=128m"))) {
            assertThat(worker.prove(TestModel.with(
                                    TestWorker.assignment(file, null, model.signature(), new RuntimeSettings(1, 1)),
                                    new ModelConfig(ROWS, null, Map.of(), List.of())))
                            .state())
                    .isEqualTo(WorkerState.READY);
            Tensor given = Batches.matrix(RandomGenerator.getDefault(), ROWS, 1_024);
            Asked.Body body =
                    Asked.body(new InferenceRequest(null, Schedule.NONE, List.of(given), List.of(), true), true);

            UnixHttp.Response response =
                    UnixHttp.once(worker.inference(), "POST", Asked.PATH, body.bytes(), body.headers());

            assertThat(Asked.answer(response).outputs().getFirst().data()).isEqualTo(given.data());
        }
    }
}
