package dev.teal.worker;

import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.onnx.HostileModel;
import dev.teal.protocol.onnx.HostileModel.Ending;
import dev.teal.protocol.onnx.HostileModel.Fate;
import dev.teal.protocol.onnx.OnnxInspection;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a worker does with models that want to harm it. Those that only running shows are run, each in a process of its own. */
class HostileModelTest {
    private static final String MEMORY = String.valueOf(400L << 20);
    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("x", Datatype.FP32, List.of(1L))),
            List.of(new TensorSpec("y", Datatype.FP32, List.of(4L))),
            20);

    @TempDir
    Path folder;

    static Stream<HostileModel> refused() {
        return HostileModel.corpus().stream().filter(model -> model.fate() instanceof Fate.Refused);
    }

    static Stream<HostileModel> run() {
        return HostileModel.corpus().stream().filter(model -> !(model.fate() instanceof Fate.Refused));
    }

    /** In this process: the runtime never sees them, and the file that they want is in no word of the answer. */
    @ParameterizedTest
    @MethodSource("refused")
    void aModelThatItsFileShowsIsRefusedBeforeTheRuntimeSeesIt(HostileModel model) throws IOException {
        Path file = model.write(folder);
        try (TestWorker worker = new TestWorker()) {
            WorkerStatus status = worker.prove(assignment(file, null, SIGNATURE));

            assertThat(status.state()).isEqualTo(WorkerState.FAILED);
            assertThat(status.failure().code()).isEqualTo(Code.LOAD_FAILED);
            assertThat(status.failure().message())
                    .contains(((Fate.Refused) model.fate()).words())
                    .doesNotContain(HostileModel.CANARY);
        }
    }

    @ParameterizedTest
    @MethodSource("run")
    void aModelThatOnlyRunningShowsIsContained(HostileModel model) throws Exception {
        Path file = model.write(folder);
        ModelSignature signature = OnnxInspection.read(file);
        boolean endless = model.fate() instanceof Fate.Contained(Ending ending) && ending == Ending.OVER_A_LIMIT;
        try (WorkerProcess worker = new WorkerProcess(
                "--memory-limit-bytes",
                MEMORY,
                "--prove-limit-millis",
                endless ? "2000" : "60000",
                "--end-grace-millis",
                "1000")) {
            worker.assign(assignment(file, null, signature));

            switch (model.fate()) {
                case Fate.Contained(Ending ending) -> contained(worker, ending, signature);
                case Fate.Harmless _ -> {
                    assertThat(failure(worker)).isEmpty();
                    assertThat(worker.infer(question(signature)).status()).isEqualTo(200);
                }
                case Fate.Refused _ -> throw new AssertionError(model + " is not to be run");
            }
            assertThat(worker.log()).doesNotContain(HostileModel.CANARY);
        }
    }

    private static void contained(WorkerProcess worker, Ending ending, ModelSignature signature) throws Exception {
        switch (ending) {
            case NOT_LOADED ->
                assertThat(failure(worker)).get().satisfies(failure -> {
                    assertThat(failure.code()).isEqualTo(Code.LOAD_FAILED);
                    assertThat(failure.message()).contains("refuses the model");
                });
            case OVER_A_LIMIT ->
                assertThat(failure(worker))
                        .map(WorkerFailure::code)
                        .get()
                        .isIn(Code.MEMORY_EXCEEDED, Code.TIME_EXCEEDED);
            case REQUESTS_FAIL -> {
                assertThat(failure(worker)).isEmpty();
                UnixHttp.Response answer = worker.infer(question(signature));
                assertThat(answer.status()).isGreaterThanOrEqualTo(400);
                assertThat(answer.text()).contains("the model failed").doesNotContain(HostileModel.CANARY);
                assertThat(worker.status(0).state()).isEqualTo(WorkerState.READY);
            }
            // By a signal, which no exit code of its own stands for
            case DIES -> assertThat(WorkerExit.of(worker.exit())).isEmpty();
        }
    }

    /** What its status says, or its exit code where it had no time to be asked; empty once it is ready. */
    private static Optional<WorkerFailure> failure(WorkerProcess worker) throws Exception {
        try {
            WorkerStatus status = worker.status(0);
            while (status.state().compareTo(WorkerState.READY) < 0) {
                status = worker.status(status.revision());
            }
            return Optional.ofNullable(status.failure());
        } catch (IOException e) {
            return WorkerExit.of(worker.exit()).flatMap(WorkerExit::failure);
        }
    }

    /** The worker's own first question: nothing but zeros, open dimensions 1. */
    private static String question(ModelSignature signature) {
        return signature.inputs().stream()
                .map(HostileModelTest::zeros)
                .collect(Collectors.joining(",", "{\"inputs\":[", "]}"));
    }

    private static String zeros(TensorSpec spec) {
        List<Long> shape = spec.shape().stream().map(size -> Math.max(1, size)).toList();
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        String zero = spec.datatype() == Datatype.BYTES ? "\"\"" : "0";
        return "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}"
                .formatted(spec.name(), spec.datatype(), shape, Collections.nCopies((int) elements, zero));
    }
}
