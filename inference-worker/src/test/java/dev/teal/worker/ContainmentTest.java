package dev.teal.worker;

import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.greedy.GreedyModel;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that take more than they may, in workers that are processes: what is said of them, and that it ends there. */
class ContainmentTest {
    private static final String[] SMALL = {"--memory-limit-bytes", String.valueOf(400L << 20)};

    @TempDir
    Path files;

    private Assignment assigned(GreedyModel model, long golden) throws IOException {
        double answer = switch (model) {
            case MANY_ALLOCATIONS -> 1;
            case LOOP -> Math.cos(Math.cos(Math.cos(0)));
            default -> 0;
        };
        Path artifact = Files.write(files.resolve("model.onnx"), model.bytes());
        Path samples = Files.writeString(files.resolve("samples.json"), """
                [{"inputs": [{"name": "n", "datatype": "INT64", "shape": [1], "data": [%d]}],
                  "outputs": [{"name": "y", "datatype": "FP32", "shape": [], "data": [%s]}]}]""".formatted(golden, answer));
        return assignment(artifact, samples, GreedyModel.SIGNATURE);
    }

    private static String asking(long n) {
        return "{\"inputs\": [{\"name\": \"n\", \"datatype\": \"INT64\", \"shape\": [1], \"data\": [" + n + "]}]}";
    }

    @ParameterizedTest
    @EnumSource(
            value = GreedyModel.class,
            names = {"ONE_ALLOCATION", "TILES", "CONSTANT"})
    void givenAModelThatWantsTooMuchAtOnceItIsRefusedForItsMemory(GreedyModel model) throws IOException {
        try (WorkerProcess worker = new WorkerProcess(SMALL)) {
            WorkerStatus status = worker.prove(assigned(model, model == GreedyModel.TILES ? 1 : 25_000_000_000L));

            assertThat(status.state()).isEqualTo(WorkerState.FAILED);
            assertThat(status.failure().code()).as(status.failure().message()).isEqualTo(Code.MEMORY_EXCEEDED);
        }
    }

    @Test
    void givenAModelThatTakesTooMuchBitByBitTheProcessEndsAndSaysWhy() throws Exception {
        try (WorkerProcess worker = new WorkerProcess(SMALL)) {
            worker.assign(assigned(GreedyModel.MANY_ALLOCATIONS, 5_000_000));

            assertThat(failure(worker)).contains(Code.MEMORY_EXCEEDED);
        }
    }

    /** What its status says, or its exit code where it had no time to be asked. */
    private static Optional<Code> failure(WorkerProcess worker) throws Exception {
        try {
            WorkerStatus status = worker.status(0);
            while (status.state().compareTo(WorkerState.READY) < 0) {
                status = worker.status(status.revision());
            }
            return Optional.ofNullable(status.failure()).map(failure -> failure.code());
        } catch (IOException e) {
            return WorkerExit.of(worker.exit()).flatMap(WorkerExit::failure).map(failure -> failure.code());
        }
    }

    @Test
    void givenAServingModelARequestThatWantsTooMuchFailsAlone() throws IOException {
        try (WorkerProcess worker = new WorkerProcess(SMALL)) {
            assertThat(worker.prove(assigned(GreedyModel.ONE_ALLOCATION, 10)).state())
                    .isEqualTo(WorkerState.READY);

            UnixHttp.Response refused = worker.infer(asking(25_000_000_000L));

            assertThat(refused.status()).isEqualTo(500);
            assertThat(worker.infer(asking(10)).status()).isEqualTo(200);
        }
    }

    @Test
    void givenAServingModelThatGrowsBeyondItsLimitTheProcessEnds() throws Exception {
        try (WorkerProcess worker = new WorkerProcess(SMALL)) {
            assertThat(worker.prove(assigned(GreedyModel.MANY_ALLOCATIONS, 10)).state())
                    .isEqualTo(WorkerState.READY);
            try (UnixHttp connection = new UnixHttp(worker.inference())) {
                connection.send(
                        "POST", "/v2/models/endpoint/infer", asking(5_000_000).getBytes());

                assertThat(worker.exit()).isEqualTo(WorkerExit.MEMORY_EXCEEDED.code());
            }
            assertThat(worker.log()).contains("the model took more memory than a worker may have");
            assertThat(worker.note().read()).contains(WorkerExit.MEMORY_EXCEEDED);
        }
    }

    @Test
    void givenAFullDiskTheProcessEndsAsItWouldHave() throws Exception {
        try (WorkerProcess worker = new WorkerProcess("--prove-limit-millis", "500", "--end-grace-millis", "300")) {
            Files.createSymbolicLink(worker.note().file(), Path.of("/dev/full"));

            worker.assign(assigned(GreedyModel.LONG_LOADING, 1));

            assertThat(worker.exit()).isEqualTo(WorkerExit.TIME_EXCEEDED.code());
        }
    }

    @Test
    void givenAModelThatLoopsWithoutEndItsProofIsOverInTime() throws IOException {
        try (WorkerProcess worker = new WorkerProcess("--prove-limit-millis", "500")) {
            WorkerStatus status = worker.prove(assigned(GreedyModel.LOOP, Long.MAX_VALUE));

            assertThat(status.state()).isEqualTo(WorkerState.FAILED);
            assertThat(status.failure().code()).isEqualTo(Code.TIME_EXCEEDED);
            assertThat(status.failure().message()).contains("within 500 ms");
        }
    }

    @Test
    void givenALoadingThatDoesNotEndTheProcessDoes() throws Exception {
        try (WorkerProcess worker = new WorkerProcess("--prove-limit-millis", "500", "--end-grace-millis", "300")) {
            worker.assign(assigned(GreedyModel.LONG_LOADING, 1));

            assertThat(worker.exit()).isEqualTo(WorkerExit.TIME_EXCEEDED.code());
        }
    }

    @Test
    void givenARunThatIgnoresItsEndTheProcessEnds() throws Exception {
        try (WorkerProcess worker = new WorkerProcess("--end-grace-millis", "300")) {
            assertThat(worker.prove(assigned(GreedyModel.ONE_LONG_NODE, 2)).state())
                    .isEqualTo(WorkerState.READY);

            // Time for the nodes before it on a busy machine; it takes many times as long itself
            UnixHttp.Response late = worker.infer(asking(9_000), "Teal-Deadline-Millis: 3000");

            assertThat(late.status()).isEqualTo(504);
            assertThat(worker.exit()).isEqualTo(WorkerExit.RUN_STUCK.code());
        }
    }

    @Test
    void givenARunThatEndsWhenToldTheProcessGoesOn() throws IOException {
        try (WorkerProcess worker = new WorkerProcess("--end-grace-millis", "5000")) {
            assertThat(worker.prove(assigned(GreedyModel.LOOP, 3)).state()).isEqualTo(WorkerState.READY);

            assertThat(worker.infer(asking(Long.MAX_VALUE), "Teal-Deadline-Millis: 200")
                            .status())
                    .isEqualTo(504);

            assertThat(worker.infer(asking(3)).status()).isEqualTo(200);
        }
    }

    @Test
    void aWorkerIsTheFirstThatTheKernelTakesAndLeavesNoCore() throws IOException {
        try (WorkerProcess worker = new WorkerProcess()) {
            Path proc = Path.of("/proc", String.valueOf(worker.process.pid()));

            assertThat(Files.readString(proc.resolve("oom_score_adj")).strip()).isEqualTo("500");
            assertThat(Files.readString(proc.resolve("limits"))).containsPattern("Max core file size\\s+0\\s+0 ");
        }
    }
}
