package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Requests that end otherwise than with an answer, hundreds of times: no buffer is forgotten, and memory comes to rest. */
class HardPathsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int CLIENTS = 4;

    /** A request's body is 2 to 60 kB here, so one forgotten in twenty would be more. */
    private static final long MAX_GROWTH_BYTES = 16_000_000;

    @Test
    void givenRequestsThatGoWrongInEveryWayNothingIsForgotten() throws Exception {
        try (WorkerProcess worker = new WorkerProcess(
                List.of("-Dio.netty.leakDetection.level=paranoid", "-Xms64m", "-XX:+AlwaysPreTouch"),
                "--max-body-bytes",
                "2000000",
                "--queue-requests",
                "8")) {
            RuntimeSettings runtime = new RuntimeSettings(1, 2, new Batching(8, 0), 20_000L, null);
            worker.prove(TestModel.with(
                    assignment(FRAUD.resolve("bad/faulty.onnx"), null, FRAUD_SIGNATURE, runtime),
                    new ModelConfig(1_000, null, Map.of(), List.of())));
            goWrong(worker, 70, 1);
            long before = residentBytes(worker);

            goWrong(worker, 110, 2);

            await().atMost(LONG).until(() -> worker.status(0).inFlight() == 0);
            assertThat(residentBytes(worker) - before).isLessThan(MAX_GROWTH_BYTES);
            collect(worker);
            // Leaks are told when the next buffer is made
            goWrong(worker, 10, 3);
            assertThat(worker.infer(Fraud.request()).status()).isEqualTo(200);
            assertThat(worker.log()).doesNotContain("LEAK").doesNotContain("\"level\":\"ERROR\"");
        }
    }

    private static void goWrong(WorkerProcess worker, int times, long seed) throws Exception {
        List<String[]> rows = ExampleRows.read(FRAUD.resolve("test.csv"));
        byte[] poison = Files.readAllBytes(FRAUD.resolve("request-poison.json"));
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                RandomGenerator random =
                        RandomGeneratorFactory.of("L64X128MixRandom").create(seed * CLIENTS + client);
                all.add(clients.submit(() -> {
                    for (int i = 0; i < times; i++) {
                        int from = random.nextInt(1_000);
                        byte[] body = Asked.body(
                                        ExampleRows.fraud(rows.subList(from, from + 1 + random.nextInt(900))),
                                        false,
                                        false)
                                .bytes();
                        one(worker, random, body, poison);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static void one(WorkerProcess worker, RandomGenerator random, byte[] body, byte[] poison)
            throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference())) {
            switch (random.nextInt(12)) {
                case 0 -> connection.send("POST", Asked.PATH, body);
                case 1 -> connection.write(half(body));
                case 2 -> ask(connection, 500, poison);
                case 3 -> ask(connection, -1, body, "Teal-Deadline-Millis: " + random.nextInt(4));
                case 4 -> ask(connection, -1, PackedBodiesTest.packed("gzip", body), "Content-Encoding: gzip");
                case 5 -> ask(connection, 413, bomb(), "Content-Encoding: deflate");
                case 6 -> ask(connection, 400, body, "Content-Encoding: gzip");
                case 7 -> ask(connection, 413, new byte[2_000_001]);
                case 8 -> ask(connection, -1, body, "Accept-Encoding: gzip");
                case 9 -> {
                    connection.send("POST", Asked.PATH, body);
                    connection.send("POST", Asked.PATH, body);
                    connection.send("POST", "/v2/models/other/infer", body);
                }
                case 10 ->
                    connection.write(("POST " + Asked.PATH
                                    + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"in\r\nzz\r\n")
                            .getBytes());
                default -> ask(connection, 400, "{\"inputs\":[".getBytes(), "Inference-Header-Content-Length: 3");
            }
        }
    }

    /** @param status that must come, unless the line is full; -1: any */
    private static void ask(UnixHttp connection, int status, byte[] body, String... headers) throws IOException {
        connection.send("POST", Asked.PATH, body, headers);
        int came = connection.read().status();
        if (status > 0 && came != 503) {
            assertThat(came).isEqualTo(status);
        }
    }

    private static byte[] half(byte[] body) {
        byte[] half = java.util.Arrays.copyOf(body, body.length / 2);
        String head = "POST " + Asked.PATH + " HTTP/1.1\r\nContent-Length: " + body.length + "\r\n\r\n";
        byte[] all = new byte[head.length() + half.length];
        System.arraycopy(head.getBytes(), 0, all, 0, head.length());
        System.arraycopy(half, 0, all, head.length(), half.length);
        return all;
    }

    private static byte[] bomb() throws IOException {
        return PackedBodiesTest.packed("deflate", new byte[2_100_000]);
    }

    private static long residentBytes(WorkerProcess worker) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(worker.process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static void collect(WorkerProcess worker) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        int exit = new ProcessBuilder(jcmd.toString(), Long.toString(worker.process.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }
}
