package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
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

    @Test
    void aVersionIsProvenWhoseAnswersHaveNoRoomInTheHeap() throws Exception {
        assertThat(proven(TestModel.spread(15_000_000))).isEqualTo(WorkerState.READY);
    }

    @Test
    void aVersionIsProvenWhoseOnlyRequestHasNoRoomInTheHeap() throws Exception {
        assertThat(proven(TestModel.sumOf(Datatype.FP64, 5_000_000))).isEqualTo(WorkerState.READY);
    }

    private WorkerState proven(TestModel model) throws Exception {
        Path file = Files.write(directory.resolve("model.onnx"), model.bytes());
        try (WorkerProcess worker = new WorkerProcess(List.of("-Xmx40m", "-XX:MaxDirectMemorySize=512m"))) {
            return worker.prove(TestWorker.assignment(file, null, model.signature()))
                    .state();
        }
    }

    @Test
    void givenAnAnswerThatNoSampleExpectsTheVersionFailsInWords() throws Exception {
        TestModel model = TestModel.spread(15_000_000);
        Path file = Files.write(directory.resolve("model.onnx"), model.bytes());
        Path samples = Files.writeString(directory.resolve("samples.json"), """
                [{"inputs": [{"name": "x0", "datatype": "FP32", "shape": [1], "data": [1]}],
                  "outputs": [{"name": "y0", "datatype": "FP32", "shape": [1], "data": [1]}]}]""");
        try (WorkerProcess worker = new WorkerProcess(List.of("-Xmx40m", "-XX:MaxDirectMemorySize=512m"))) {
            WorkerStatus status = worker.prove(TestWorker.assignment(file, samples, model.signature()));

            assertThat(status.failure().code()).isEqualTo(Code.GOLDEN_MISMATCH);
            assertThat(status.failure().message()).startsWith("golden sample 1 of 1: the answer has 600");
        }
    }
}
