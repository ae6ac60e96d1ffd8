package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The promise: a model changes under load and no caller notices, except that the answers are the new version's. */
class SwitchUnderLoadTest {
    private static final int SWITCHES = 20;
    private static final int CLIENTS = 16;
    private static final long REQUESTS = 20_000;
    private static final FraudDetection MODEL = new FraudDetection();

    @Test
    void givenTwentySwitchesUnderLoadNoRequestFailsAndEveryAnswerIsOfItsGeneration()
            throws IOException, InterruptedException {
        Fraud fraud = new Fraud(SharedTeal.get().api());
        String endpoint = "switched";
        fraud.endpoint(endpoint, "{\"minWorkers\":1,\"maxWorkers\":2}");
        List<Commit> commits = new ArrayList<>(List.of(fraud.commit(endpoint, System.nanoTime())));
        List<Answer> answers;

        try (ClosedLoop load = new ClosedLoop(SharedTeal.get().infer(endpoint), MODEL, CLIENTS, Duration.ofMillis(2))) {
            for (int i = 0; i < SWITCHES; i++) {
                JsonNode rollout = fraud.rollOut(endpoint, i % 2 == 0 ? "2" : "1", "0s");
                assertThat(rollout.path("state").asString())
                        .as(rollout.toString())
                        .isEqualTo("SUCCEEDED");
                commits.add(fraud.commit(endpoint, System.nanoTime()));
                long enough = load.answered() + REQUESTS / SWITCHES / 2;
                await().atMost(Duration.ofMinutes(1)).until(() -> load.answered() >= enough);
            }
            await().atMost(Duration.ofMinutes(5)).until(() -> load.answered() >= REQUESTS);
            answers = load.stop();
        }

        assertThat(new History(MODEL, commits).violations(answers)).isEmpty();
        assertThat(answers).hasSizeGreaterThanOrEqualTo((int) REQUESTS);
        assertThat(answers.stream().map(Answer::generation).distinct())
                .as("generations seen")
                .hasSize(SWITCHES + 1);
        assertThat(commits.stream().map(Commit::generation)).isSorted().doesNotHaveDuplicates();
    }
}
