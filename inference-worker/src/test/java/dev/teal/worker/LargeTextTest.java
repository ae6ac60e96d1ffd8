package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and answers whose text is larger than Java's heap has room for, in workers that are processes with a small one. */
class LargeTextTest {
    @TempDir
    Path directory;

    private WorkerProcess serving(String... jvm) throws IOException {
        TestModel model = TestModel.identity(Datatype.FP32, -1, 1_000);
        Path file = Files.write(directory.resolve("model.onnx"), model.bytes());
        WorkerProcess worker = new WorkerProcess(List.of(jvm));
        assertThat(worker.prove(TestWorker.assignment(file, null, model.signature(), new RuntimeSettings(1, 1)))
                        .state())
                .isEqualTo(WorkerState.READY);
        return worker;
    }

    private static UnixHttp.Response infer(WorkerProcess worker, InferenceRequest request, boolean binary)
            throws IOException {
        Asked.Body body = Asked.body(request, binary);
        return UnixHttp.once(worker.inference(), "POST", Asked.PATH, body.bytes(), body.headers());
    }

    private static Tensor rows(int rows) {
        return Batches.matrix(RandomGenerator.of("L64X128MixRandom"), rows, 1_000);
    }

    private static InferenceRequest request(Tensor given, boolean binaryOutputs) {
        return new InferenceRequest(null, Schedule.NONE, List.of(given), List.of(), binaryOutputs);
    }

    @Test
    void anAnswerThatIsTooLongAsJsonIsToldSoAndComesAsBytes() throws Exception {
        try (WorkerProcess worker = serving("-Xmx40m")) {
            Tensor large = rows(2_000);

            UnixHttp.Response refused = infer(worker, request(large, false), true);

            assertThat(refused.status()).isEqualTo(400);
            assertThat(Asked.error(refused))
                    .matches("the answer would have more than \\d MB as JSON;"
                            + " ask for binary data \\(binary_data_output\\), or for fewer elements");
            assertThat(Asked.answer(infer(worker, request(large, true), true))
                            .outputs()
                            .getFirst()
                            .data())
                    .isEqualTo(large.data());
            Tensor smaller = rows(400);
            for (int i = 0; i < 20; i++) {
                assertThat(Asked.answer(infer(worker, request(smaller, false), true))
                                .outputs()
                                .getFirst()
                                .data())
                        .isEqualTo(smaller.data());
            }
            assertThat(worker.log()).doesNotContain("OutOfMemoryError");
        }
    }

    @Test
    void aPackedJsonIsUnpackedOutsideOfTheHeap() throws Exception {
        try (WorkerProcess worker = serving("-Xmx64m", "-XX:MaxDirectMemorySize=128m")) {
            Tensor large = rows(2_400);
            byte[] json = Asked.body(request(large, true), false).bytes();
            assertThat(json.length).isGreaterThan(15_000_000);

            UnixHttp.Response response = UnixHttp.once(
                    worker.inference(),
                    "POST",
                    Asked.PATH,
                    PackedBodiesTest.packed("gzip", json),
                    "Content-Encoding: gzip");

            assertThat(Asked.answer(response).outputs().getFirst().data()).isEqualTo(large.data());
            byte[] spaces = " ".repeat(60_000_000).getBytes();
            UnixHttp.Response bomb = UnixHttp.once(
                    worker.inference(),
                    "POST",
                    Asked.PATH,
                    PackedBodiesTest.packed("gzip", spaces),
                    "Content-Encoding: gzip");
            assertThat(bomb.status()).isEqualTo(413);
            assertThat(worker.status(0).state()).isEqualTo(WorkerState.READY);
        }
    }

    @Test
    void givenTheHeapIsExhaustedAllTheSameTheWorkerAnswersAndEndsSayingSo() throws Exception {
        try (WorkerProcess worker = serving("-Xmx24m", "-XX:MaxDirectMemorySize=128m")) {
            InferenceRequest classes = new InferenceRequest(
                    null, Schedule.NONE, List.of(rows(1_000)), List.of(new RequestedOutput("y0", true, 1_000)), true);

            UnixHttp.Response failed = infer(worker, classes, true);

            assertThat(failed.status()).isEqualTo(500);
            assertThat(Asked.error(failed)).isEqualTo("the worker failed on this request");
            assertThat(worker.exit()).isEqualTo(WorkerExit.HEAP_EXHAUSTED.code());
            assertThat(worker.note().read()).contains(WorkerExit.HEAP_EXHAUSTED);
            assertThat(worker.log()).contains("OutOfMemoryError");
        }
    }
}
