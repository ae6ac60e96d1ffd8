package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Control plane and database may die at any time: callers do not notice, and nothing that was acknowledged is lost. */
class ControlPlaneDeathTest {
    private static final FraudDetection MODEL = new FraudDetection();

    @Test
    void givenControlPlaneAndDatabaseKilledUnderLoadNoRequestFailsAndAfterUpAllIsAsAcknowledged()
            throws IOException, InterruptedException {
        try (TealUnderTest teal = TealUnderTest.start()) {
            Fraud fraud = new Fraud(teal.api());
            fraud.endpoint("survivor", "{\"minWorkers\":1,\"maxWorkers\":2}");
            fraud.endpoint("asleep", "{\"minWorkers\":0,\"maxWorkers\":1,\"idleTimeout\":\"1s\"}");
            assertThat(fraud.rollOut("survivor", "2", "0s").path("state").asString())
                    .isEqualTo("SUCCEEDED");
            JsonNode before = fraud.get("survivor");
            Commit commit = fraud.commit("survivor", System.nanoTime());
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> fraud.get("asleep")
                                    .path("environments")
                                    .path("blue")
                                    .path("workers")
                                    .path("total")
                                    .asInt(-1)
                            == 0);

            List<Answer> answers;
            try (ClosedLoop load = new ClosedLoop(teal.infer("survivor"), MODEL, 8, Duration.ofMillis(5))) {
                // the launcher first: it would start again what dies
                for (String part : List.of(TealUnderTest.LAUNCHER, "platform-api", "postgres")) {
                    TealUnderTest.killHard(teal.pid(part));
                }
                long more = load.answered() + 1_000;
                await().atMost(Duration.ofMinutes(2)).until(() -> load.answered() >= more);
                assertThat(Http.send(teal.infer("asleep"), MODEL.body(0).getBytes())
                                .statusCode())
                        .as("an endpoint wakes without control plane and database")
                        .isEqualTo(200);
                teal.up();
                long again = load.answered() + 1_000;
                await().atMost(Duration.ofMinutes(2)).until(() -> load.answered() >= again);
                answers = load.stop();
            }

            assertThat(new History(MODEL, List.of(commit)).violations(answers)).isEmpty();
            JsonNode after = new Fraud(teal.api()).get("survivor");
            for (String field : List.of("activeColor", "activeVersion", "generation", "standbyUntil")) {
                assertThat(after.path(field)).as(field).isEqualTo(before.path(field));
            }
        }
    }
}
