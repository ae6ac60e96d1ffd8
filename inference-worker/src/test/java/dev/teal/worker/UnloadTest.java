package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.NOTHING;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.greedy.GreedyModel;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that gives its model up and takes the next, or goes where anything speaks against it. */
class UnloadTest {
    private static Assignment version(String version) throws IOException {
        return assignment(FRAUD.resolve(version + ".onnx"), FRAUD.resolve(version + ".samples.json"), FRAUD_SIGNATURE);
    }

    private static int unload(WorkerProcess worker) throws IOException {
        return UnixHttp.once(worker.control(), "POST", "/worker/v1/unload", NOTHING)
                .status();
    }

    private static void unloadWhole(WorkerProcess worker) throws IOException {
        assertThat(unload(worker)).isEqualTo(202);
        WorkerStatus status = worker.status(0);
        while (status.state() != WorkerState.UNASSIGNED) {
            status = worker.status(status.revision());
        }
    }

    @Test
    void anotherVersionIsServedAfterwardsAndTheOldOneNoMore() throws IOException {
        try (WorkerProcess worker = new WorkerProcess()) {
            String request = Fraud.request();
            assertThat(unload(worker)).isEqualTo(409);
            worker.prove(version("v1"));
            String first = worker.infer(request).text();

            unloadWhole(worker);

            assertThat(worker.infer(request).header("Teal-Refused")).contains("draining");
            assertThat(worker.prove(version("v2")).state()).isEqualTo(WorkerState.READY);
            assertThat(worker.infer(request).text()).isNotEqualTo(first);
            assertThat(worker.infer(request, "Teal-Digest: " + version("v1").digest())
                            .header("Teal-Refused"))
                    .contains("wrong-digest");
        }
    }

    @Test
    void twoHundredModelsLeaveNothingBehind() throws IOException {
        try (WorkerProcess worker = new WorkerProcess()) {
            long settled = 0;
            long least = Long.MAX_VALUE;
            for (int cycle = 1; cycle <= 200; cycle++) {
                assertThat(worker.prove(version(cycle % 2 == 0 ? "v1" : "v2")).state())
                        .isEqualTo(WorkerState.READY);
                unloadWhole(worker);
                if (cycle > 40 && cycle <= 80) {
                    settled = Math.max(settled, resident(worker));
                } else if (cycle > 160) {
                    least = Math.min(least, resident(worker));
                }
            }

            // The JVM compiles for a while, so the first cycles are not what the others are measured by; allocators go
            // up and down by some
            // megabytes, so the least of the last is what a leak would have lifted.
            assertThat(least).isLessThan(settled * 105 / 100);
        }
    }

    private static long resident(WorkerProcess worker) throws IOException {
        String status = Files.readString(Path.of("/proc", String.valueOf(worker.process.pid()), "status"));
        return Long.parseLong(status.replaceAll("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1"));
    }

    @Test
    void aProcessWhoseModelFailedOnceIsNotUsedAgain() throws Exception {
        try (WorkerProcess worker = new WorkerProcess()) {
            Path poison = FRAUD.resolve("bad").resolve("faulty.onnx");
            worker.prove(assignment(poison, FRAUD.resolve("v1.samples.json"), FRAUD_SIGNATURE));
            assertThat(worker.infer(Files.readString(FRAUD.resolve("request-poison.json")))
                            .status())
                    .isEqualTo(500);

            assertThat(unload(worker)).isEqualTo(202);

            assertThat(worker.exit()).isEqualTo(WorkerExit.WORN.code());
            assertThat(worker.log()).contains("ONNX Runtime has refused a call");
        }
    }

    @Test
    void whatIsHeldIsFinishedBeforeTheModelGoes(@TempDir Path files) throws IOException {
        Path loop = Files.write(files.resolve("loop.onnx"), GreedyModel.LOOP.bytes());
        try (WorkerProcess worker = new WorkerProcess();
                UnixHttp connection = new UnixHttp(worker.inference())) {
            worker.prove(assignment(loop, null, GreedyModel.SIGNATURE));
            connection.send("POST", "/v2/models/endpoint/infer", """
                    {"inputs": [{"name": "n", "datatype": "INT64", "shape": [1], "data": [300000]}]}""".getBytes());
            await().until(() -> worker.status(0).inFlight() == 1);

            unloadWhole(worker);

            assertThat(connection.read().status()).isEqualTo(200);
        }
    }
}
