package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An idle model costs nothing and comes back on the next request, however many ask at once. */
class WakeTest {
    private static final int CLIENTS = 200;
    private static final FraudDetection MODEL = new FraudDetection();

    @Test
    void givenTwoHundredClientsOnASleepingEndpointOneWorkerStartsAndAllAreAnswered() throws Exception {
        Fraud fraud = new Fraud(SharedTeal.get().api());
        String endpoint = "sleeper";
        fraud.endpoint(endpoint, "{\"minWorkers\":0,\"maxWorkers\":4,\"idleTimeout\":\"2s\"}");
        awaitWorkers(fraud, endpoint, 0);
        Commit commit = fraud.commit(endpoint, System.nanoTime());

        List<Answer> answers = askAtOnce(endpoint);

        assertThat(new History(MODEL, List.of(commit)).violations(answers)).isEmpty();
        assertThat(answers).hasSize(CLIENTS);
        assertThat(workersOf(fraud, endpoint)).as("workers").isLessThanOrEqualTo(1);
        awaitWorkers(fraud, endpoint, 0);
    }

    private static List<Answer> askAtOnce(String endpoint) throws Exception {
        CountDownLatch together = new CountDownLatch(1);
        List<Future<Answer>> asked = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                asked.add(clients.submit(() -> {
                    together.await();
                    return ClosedLoop.ask(http, SharedTeal.get().infer(endpoint), MODEL, client, client);
                }));
            }
            together.countDown();
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> one : asked) {
                answers.add(one.get());
            }
            return answers;
        }
    }

    private static void awaitWorkers(Fraud fraud, String endpoint, int workers) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> workersOf(fraud, endpoint) == workers);
    }

    private static int workersOf(Fraud fraud, String endpoint) throws IOException {
        JsonNode environments = fraud.get(endpoint).path("environments");
        return environments.path("blue").path("workers").path("total").asInt(-1)
                + environments.path("green").path("workers").path("total").asInt(0);
    }
}
