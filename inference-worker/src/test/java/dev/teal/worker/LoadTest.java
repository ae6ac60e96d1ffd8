package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.NOTHING;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What happens to requests that wait: {@code slow} takes about 20 ms a request, one at a time here. */
class LoadTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Path SLOW = FRAUD.resolve("bad").resolve("slow.onnx");

    @Test
    void aFullQueueRefusesAtOnce() throws IOException {
        try (TestWorker worker = slow(new TestWorker(2, 1 << 20))) {
            await().atMost(LONG).untilAsserted(() -> {
                List<UnixHttp.Response> responses = all(worker, 12);

                assertThat(responses).allMatch(response -> response.status() == 200 || refused(response, "saturated"));
                assertThat(responses).anyMatch(response -> response.status() == 200);
                assertThat(responses).anyMatch(response -> refused(response, "saturated"));
            });
        }
    }

    @Test
    void aRequestWhoseTimeIsUpInTheQueueNeverBegins() throws IOException {
        try (TestWorker worker = slow(new TestWorker())) {
            List<UnixHttp> ahead = send(worker, 20);

            UnixHttp.Response late = worker.infer(request(), "Teal-Deadline-Millis: 30");

            // At once where the line is known to be too long by then, and when its time is up otherwise
            assertThat(refused(late, "expired") || refused(late, "saturated"))
                    .as(late.text())
                    .isTrue();
            assertThat(read(ahead)).allMatch(response -> response.status() == 200);
            assertThat(refused(worker.infer(request(), "Teal-Deadline-Millis: 0"), "expired"))
                    .isTrue();
            assertThat(worker.infer(request(), "Teal-Deadline-Millis: 20000").status())
                    .isEqualTo(200);
            assertThat(worker.infer(request(), "Teal-Deadline-Millis: soon").status())
                    .isEqualTo(400);
        }
    }

    @Test
    void aRunWhoseTimeIsUpIsEnded() throws IOException {
        try (TestWorker worker = slow(new TestWorker())) {
            await().atMost(LONG).untilAsserted(() -> {
                UnixHttp.Response response = worker.infer(request(), "Teal-Deadline-Millis: 6");

                assertThat(response.status()).isEqualTo(504);
                assertThat(response.text()).contains("Request timeout expired");
                assertThat(response.header("Teal-Refused")).isEmpty();
            });
            await().atMost(LONG).until(() -> worker.status(0).inFlight() == 0);
        }
    }

    @Test
    void clientsThatLeaveAreNotComputedFor() throws IOException {
        try (TestWorker worker = slow(new TestWorker())) {
            List<UnixHttp> clients = send(worker, 50);
            await().atMost(LONG).until(() -> worker.status(0).inFlight() > 10);

            for (UnixHttp client : clients) {
                client.close();
            }

            await().atMost(LONG).until(() -> worker.status(0).inFlight() == 0);
            assertThat(metrics(worker)).containsPattern("worker_requests_total\\{.*outcome=\"cancelled\"} [1-9]");
            assertThat(worker.infer(request()).status()).isEqualTo(200);
        }
    }

    @Test
    void aDrainFinishesWhatWasAdmittedAndRefusesTheRest() throws IOException {
        try (TestWorker worker = slow(new TestWorker())) {
            List<UnixHttp> admitted = send(worker, 60);
            await().atMost(LONG).until(() -> worker.status(0).inFlight() >= 1);
            int before = worker.status(0).inFlight();

            assertThat(worker.drain(60_000).status()).isEqualTo(409);
            assertThat(worker.drain(0).status()).isEqualTo(200);

            assertThat(before).isPositive();
            assertThat(refused(worker.infer(request()), "draining")).isTrue();
            assertThat(worker.get("/v2/health/ready").status()).isEqualTo(503);
            assertThat(read(admitted)).allMatch(response -> response.status() == 200 || refused(response, "draining"));
            worker.drained().join();
            assertThat(worker.status(0).state()).isEqualTo(WorkerState.DRAINING);
        }
    }

    @Test
    void aDrainUnderLoadAnswersOrRefusesEveryRequest() throws Exception {
        try (TestWorker worker = new TestWorker();
                ExecutorService clients = Executors.newFixedThreadPool(4)) {
            worker.prove(assignment(FRAUD.resolve("v1.onnx"), null, FRAUD_SIGNATURE));
            byte[] body = request();
            AtomicInteger answered = new AtomicInteger();
            List<Future<Integer>> loads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                loads.add(clients.submit(() -> untilDraining(worker, body, answered)));
            }
            await().atMost(LONG).until(() -> answered.get() > 200);

            assertThat(worker.drain(0).status()).isEqualTo(200);

            for (Future<Integer> load : loads) {
                assertThat(load.get()).isPositive();
            }
            worker.drained().join();
            assertThat(worker.status(0).inFlight()).isZero();
        }
    }

    private static int untilDraining(TestWorker worker, byte[] body, AtomicInteger answered) throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            for (int requests = 1; ; requests++) {
                connection.send("POST", "/v2/models/endpoint/infer", body);
                UnixHttp.Response response = connection.read();
                if (refused(response, "draining")) {
                    return requests;
                }
                assertThat(response.status()).isEqualTo(200);
                answered.incrementAndGet();
            }
        }
    }

    @Test
    void aWorkerInUseIsNotIdle() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            worker.prove(assignment(FRAUD.resolve("v1.onnx"), null, FRAUD_SIGNATURE));
            worker.infer(request());

            assertThat(worker.drain(600_000).status()).isEqualTo(409);
            assertThat(worker.infer(request()).status()).isEqualTo(200);
            await().atMost(LONG).until(() -> worker.status(0).idleMillis() >= 20);
            assertThat(worker.drain(20).status()).isEqualTo(200);
            worker.drained().join();
        }
    }

    @Test
    void theStatusIsToldWhenItChanges() throws Exception {
        try (TestWorker worker = new TestWorker();
                UnixHttp waiting = new UnixHttp(worker.control)) {
            WorkerStatus unassigned = worker.status(0);
            assertThat(unassigned.state()).isEqualTo(WorkerState.UNASSIGNED);
            assertThat(unassigned.environment()).isNull();
            waiting.send("GET", "/worker/v1/status?after=" + unassigned.revision(), NOTHING);

            worker.prove(assignment(FRAUD.resolve("v1.onnx"), null, FRAUD_SIGNATURE));

            WorkerStatus told = Json.MAPPER.readValue(waiting.read().body(), WorkerStatus.class);
            assertThat(told.revision()).isEqualTo(unassigned.revision() + 1);
            assertThat(told.state()).isEqualTo(WorkerState.LOADING);
        }
    }

    @Test
    void theControlSocketRefusesWhatItCannotDo() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            byte[] assignment =
                    Json.MAPPER.writeValueAsBytes(assignment(FRAUD.resolve("v1.onnx"), null, FRAUD_SIGNATURE));

            assertThat(control(worker, "POST", "/worker/v1/assignment", "{\"endpoint\":".getBytes()))
                    .isEqualTo(400);
            assertThat(control(worker, "GET", "/worker/v1/assignment", NOTHING)).isEqualTo(405);
            assertThat(control(worker, "GET", "/worker/v1/status?after=x", NOTHING))
                    .isEqualTo(400);
            assertThat(control(worker, "POST", "/worker/v1/drain", "{\"idleMillis\":-1}".getBytes()))
                    .isEqualTo(400);
            assertThat(control(worker, "GET", "/other", NOTHING)).isEqualTo(404);
            assertThat(control(worker, "GET", "/health", NOTHING)).isEqualTo(200);
            assertThat(control(worker, "GET", "/metrics", NOTHING)).isEqualTo(200);
            assertThat(control(worker, "POST", "/worker/v1/assignment", assignment))
                    .isEqualTo(202);
            assertThat(control(worker, "POST", "/worker/v1/assignment", assignment))
                    .isEqualTo(409);
            assertThat(control(worker, "POST", "/worker/v1/stop", NOTHING)).isEqualTo(202);
            worker.stopped.join();
        }
    }

    private static int control(TestWorker worker, String method, String path, byte[] body) throws IOException {
        return UnixHttp.once(worker.control, method, path, body).status();
    }

    private static String metrics(TestWorker worker) throws IOException {
        return UnixHttp.once(worker.control, "GET", "/metrics", NOTHING).text();
    }

    private static TestWorker slow(TestWorker worker) throws IOException {
        // Each by itself: together they would be answered before a test has looked
        RuntimeSettings oneByOne = new RuntimeSettings(1, 1, new Batching(1, 0), null, null);
        WorkerStatus status = worker.prove(TestWorker.assignment(SLOW, null, FRAUD_SIGNATURE, oneByOne));
        assertThat(status.state()).isEqualTo(WorkerState.READY);
        return worker;
    }

    private static byte[] request() throws IOException {
        return Files.readAllBytes(FRAUD.resolve("request.json"));
    }

    private static List<UnixHttp.Response> all(TestWorker worker, int requests) throws IOException {
        return read(send(worker, requests));
    }

    private static List<UnixHttp> send(TestWorker worker, int requests) throws IOException {
        List<UnixHttp> connections = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            UnixHttp connection = new UnixHttp(worker.inference);
            connection.send("POST", "/v2/models/endpoint/infer", request());
            connections.add(connection);
        }
        return connections;
    }

    private static List<UnixHttp.Response> read(List<UnixHttp> connections) throws IOException {
        List<UnixHttp.Response> responses = new ArrayList<>();
        for (UnixHttp connection : connections) {
            responses.add(connection.read());
            connection.close();
        }
        return responses;
    }

    private static boolean refused(UnixHttp.Response response, String why) {
        return response.status() == 503
                && response.header("Teal-Refused").filter(why::equals).isPresent();
    }
}
