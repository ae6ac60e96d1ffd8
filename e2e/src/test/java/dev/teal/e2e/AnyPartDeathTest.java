package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code kill -9} of any part, then {@code teal up}: nothing is lost. {@code kill -9} of a worker: nobody notices. */
class AnyPartDeathTest {
    private static final FraudDetection MODEL = new FraudDetection();
    private static final String ENDPOINT = "hardy";
    /** One more within a minute, and the fleet takes it for the version's own doing. */
    private static final int KILLS = 2;

    @Test
    void givenAnyPartKilledAndTealUpAgainTheEndpointAnswersAsBefore() throws IOException, InterruptedException {
        try (TealUnderTest teal = TealUnderTest.start()) {
            Fraud fraud = new Fraud(teal.api());
            fraud.endpoint(ENDPOINT, "{\"minWorkers\":1,\"maxWorkers\":1}");
            fraud.rollOut(ENDPOINT, "2", "0s");
            Commit commit = fraud.commit(ENDPOINT, System.nanoTime());
            long worker = workerPid(teal);

            for (String part : List.of("gateway", "fleet", "platform-api", "postgres", TealUnderTest.LAUNCHER)) {
                // the launcher first: it would start again what dies
                TealUnderTest.killHard(teal.pid(TealUnderTest.LAUNCHER));
                if (!part.equals(TealUnderTest.LAUNCHER)) {
                    TealUnderTest.killHard(teal.pid(part));
                }
                teal.up();

                assertThat(answers(teal, commit)).as("after kill -9 of " + part).isEmpty();
            }
            assertThat(workerPid(teal))
                    .as("the worker was adopted, not started anew")
                    .isEqualTo(worker);

            teal.teal(List.of("down", "--home", teal.home().toString()));
            assertThat(ProcessHandle.of(worker)
                            .flatMap(process -> process.info().command()))
                    .as("workers end with teal down; one that only waits for init to take it off the list runs nothing")
                    .isEmpty();
            teal.up();

            assertThat(answers(teal, commit)).as("after down and up").isEmpty();
        }
    }

    @Test
    void givenWorkersKilledUnderLoadNoRequestFails() throws IOException, InterruptedException {
        Fraud fraud = new Fraud(SharedTeal.get().api());
        String endpoint = "mortal";
        fraud.endpoint(endpoint, "{\"minWorkers\":2,\"maxWorkers\":2}");
        Commit commit = fraud.commit(endpoint, System.nanoTime());
        List<Answer> answers;

        try (ClosedLoop load = new ClosedLoop(SharedTeal.get().infer(endpoint), MODEL, 4, Duration.ofMillis(10))) {
            for (int kill = 0; kill < KILLS; kill++) {
                List<Long> before = readyWorkerPids(SharedTeal.get(), endpoint);
                TealUnderTest.killHard(before.getFirst());
                await().atMost(Duration.ofMinutes(1)).until(() -> {
                    List<Long> now = readyWorkerPids(SharedTeal.get(), endpoint);
                    return now.size() == 2 && !now.contains(before.getFirst());
                });
                long more = load.answered() + 200;
                await().atMost(Duration.ofMinutes(1)).until(() -> load.answered() >= more);
            }
            answers = load.stop();
        }

        assertThat(new History(MODEL, List.of(commit)).violations(answers)).isEmpty();
    }

    private static List<String> answers(TealUnderTest teal, Commit commit) throws IOException, InterruptedException {
        try (ClosedLoop load = new ClosedLoop(teal.infer(ENDPOINT), MODEL, 2, Duration.ofMillis(5))) {
            await().atMost(Duration.ofMinutes(1)).until(() -> load.answered() >= 20);
            return new History(MODEL, List.of(commit)).violations(load.stop());
        }
    }

    private static long workerPid(TealUnderTest teal) throws IOException {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !readyWorkerPids(teal, ENDPOINT).isEmpty());
        return readyWorkerPids(teal, ENDPOINT).getFirst();
    }

    private static List<Long> readyWorkerPids(TealUnderTest teal, String endpoint) throws IOException {
        JsonNode workers = teal.api().get("/api/v1/workers").expect(200).body().path("items");
        return workers.valueStream()
                .filter(worker -> worker.path("endpoint").asString("").equals(endpoint)
                        && worker.path("color").asString("").equals(active(teal, endpoint))
                        && worker.path("state").asString("").equals("READY"))
                .map(worker -> worker.path("pid").asLong())
                .sorted()
                .toList();
    }

    private static String active(TealUnderTest teal, String endpoint) {
        try {
            return teal.api()
                    .get("/api/v1/endpoints/" + endpoint)
                    .expect(200)
                    .body()
                    .path("activeColor")
                    .asString("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
