package dev.teal.worker;

import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.onnx.Message;
import dev.teal.protocol.onnx.OnnxModels;
import dev.teal.protocol.worker.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code ./teal bench worker --only soak}: does a worker's memory come to rest? */
class MemoryGrowthTest {
    private static final int WARM_UP = 15_000;
    private static final int REQUESTS = 20_000;
    private static final int CLIENTS = 4;
    private static final int LARGEST = 48;
    private static final ModelSignature ANY_MATRIX = new ModelSignature(
            List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, -1L))),
            List.of(new TensorSpec("y", Datatype.FP32, List.of(-1L, -1L))),
            17);

    /** A request's tensors take 4 kB on average, so one forgotten each time would be 80 MB, and a kept handle of 1 kB be 20 MB. */
    private static final long MAX_GROWTH_BYTES = 12_000_000;

    @TempDir
    Path directory;

    @Test
    void givenRequestsOfManyShapesMemoryThreadsAndFilesComeToRest() throws Exception {
        Path model = Files.write(directory.resolve("model.onnx"), softmax());
        try (WorkerProcess worker = new WorkerProcess()) {
            assertThat(worker.prove(assignment(model, null, ANY_MATRIX)).state())
                    .isEqualTo(WorkerState.READY);
            ask(worker, WARM_UP);
            Footprint before = Footprint.of(worker.process.pid());

            ask(worker, REQUESTS);

            Footprint after = Footprint.of(worker.process.pid());
            assertThat(after.residentBytes() - before.residentBytes())
                    .as("%s, then %s", before, after)
                    .isLessThan(MAX_GROWTH_BYTES);
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 1);
            assertThat(after.files()).isLessThanOrEqualTo(before.files() + 1);
        }
    }

    /** What the kernel counts of a process. */
    private record Footprint(long residentBytes, long threads, long files) {
        static Footprint of(long pid) throws IOException {
            Path process = Path.of("/proc", Long.toString(pid));
            long resident = Files.readAllLines(process.resolve("status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            return new Footprint(resident, entries(process.resolve("task")), entries(process.resolve("fd")));
        }

        private static long entries(Path folder) throws IOException {
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.count();
            }
        }
    }

    private static void ask(WorkerProcess worker, int requests) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                SplittableRandom random = new SplittableRandom(client);
                all.add(clients.submit(() -> {
                    converse(worker, requests / CLIENTS, random);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static void converse(WorkerProcess worker, int requests, SplittableRandom random) throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference())) {
            for (int i = 0; i < requests; i++) {
                connection.send("POST", "/v2/models/endpoint/infer", matrix(random));
                UnixHttp.Response response = connection.read();
                assertThat(response.status()).as(response.text()).isEqualTo(200);
            }
        }
    }

    private static byte[] matrix(SplittableRandom random) {
        int rows = random.nextInt(1, LARGEST);
        int columns = random.nextInt(1, LARGEST);
        String data = "0.5,".repeat(rows * columns - 1) + "0.25";
        return ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[" + rows + "," + columns + "],\"data\":["
                        + data + "]}]}")
                .getBytes();
    }

    private static byte[] softmax() {
        Message graph = new Message()
                .with(1, OnnxModels.node("Softmax", "x", "y"))
                .with(2, "softmax")
                .with(11, OnnxModels.value("x", OnnxModels.FLOAT, -1, -1))
                .with(12, OnnxModels.value("y", OnnxModels.FLOAT, -1, -1));
        return new Message()
                .with(1, 8)
                .with(7, graph)
                .with(8, new Message().with(2, 17))
                .bytes();
    }
}
