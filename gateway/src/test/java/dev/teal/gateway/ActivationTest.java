package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GatewayFixture.error;
import static dev.teal.gateway.GatewayFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeFleet.Wake;
import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.EndpointLimits;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

class ActivationTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static final Waiting waiting = new Waiting(gateway);

    @BeforeAll
    static void start() {
        gateway.controlPlane.publish(States.blueOnly("first", 1, States.LIMITS));
        gateway.start("--gateway.waiting-requests=300", "--gateway.waiting-bytes=1MB");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String sleeping(String endpoint, EndpointLimits limits) {
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly(endpoint, 1, limits)));
        return States.environmentId(endpoint, Color.BLUE);
    }

    private static void until(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void givenTwoHundredRequestsForASleepingEndpointOneWakeAnswersThemAll() {
        String environment = sleeping("herd", States.LIMITS);
        FakeWorker worker = gateway.worker("herd", Color.BLUE, "1");
        CountDownLatch awake = new CountDownLatch(1);
        gateway.fleet.onWake(environment, _ -> {
            until(awake);
            return new Wake.Ready(worker.address());
        });

        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 200)
                .mapToObj(n -> gateway.inferAsync("herd", "{\"n\":" + n + "}"))
                .toList();
        waiting.untilQueued("herd", 200);
        await().atMost(LONG).until(() -> demanded(environment).stream().anyMatch(demand -> demand.queued() == 200));
        awake.countDown();

        for (int n = 0; n < answers.size(); n++) {
            HttpResponse<String> answer = answers.get(n).join();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("{\"n\":" + n + "}");
        }
        assertThat(gateway.fleet.wakes(environment)).isEqualTo(1);
        assertThat(worker.mostAtOnce()).as("four times its concurrency of 2").isLessThanOrEqualTo(8);
        await().atMost(LONG)
                .until(() -> demanded(environment).stream()
                        .anyMatch(
                                demand -> demand.requests() == 200 && demand.queued() == 0 && demand.inFlight() == 0));
    }

    private static List<Demand.EnvironmentDemand> demanded(String environment) {
        return gateway.fleet.demands().stream()
                .flatMap(demand -> demand.environments().stream())
                .filter(demand -> demand.environment().equals(environment))
                .toList();
    }

    @Test
    void theWorkerIsToldOfTheTimeBehindOthersAndNotOfThatOfTheWake() {
        FakeWorker worker = gateway.worker("line", Color.BLUE, "1", 1);
        Sinks.Empty<Void> go = Sinks.empty();
        worker.script(_ -> new Act.AnswerLater(go.asMono()));
        CountDownLatch awake = new CountDownLatch(1);
        gateway.fleet.onWake(sleeping("line", States.LIMITS), _ -> {
            until(awake);
            return new Wake.Ready(worker.address());
        });

        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 5)
                .mapToObj(_ -> gateway.inferAsync("line", "{}"))
                .toList();
        waiting.untilQueued("line", 5);
        untilTheFirstHasWaited(500);
        awake.countDown();
        await().atMost(LONG).until(() -> worker.requests() == 4);
        untilTheFirstHasWaited(waiting.lane("line").demand().oldestWaitMillis() + 30);
        go.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

        answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        List<Long> waited = worker.heads().stream()
                .map(head -> Long.parseLong(head.getOrDefault("teal-waited-millis", "0")))
                .toList();
        assertThat(waited.subList(0, 4)).allMatch(millis -> millis < 500);
        assertThat(waited.get(4)).isGreaterThanOrEqualTo(30);
    }

    private static void untilTheFirstHasWaited(long millis) {
        await().atMost(LONG).until(() -> waiting.lane("line").demand().oldestWaitMillis() >= millis);
    }

    @Test
    void givenAVersionThatCannotStartAllWaitersGetTheReasonAtOnce() {
        String environment = sleeping("broken", States.LIMITS);
        CountDownLatch failed = new CountDownLatch(1);
        gateway.fleet.onWake(environment, _ -> {
            until(failed);
            return new Wake.Problem(503, "an answer differs from the golden one");
        });

        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 20)
                .mapToObj(_ -> gateway.inferAsync("broken", "{}"))
                .toList();
        waiting.untilQueued("broken", 20);
        failed.countDown();

        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.join().statusCode()).isEqualTo(503);
            assertThat(error(answer.join())).contains("an answer differs from the golden one");
            assertThat(header(answer.join(), "Retry-After")).isEqualTo("7");
        }
        assertThat(gateway.fleet.wakes(environment)).isEqualTo(1);
    }

    @Test
    void givenAFleetThatDoesNotKnowYetTheWakeIsTriedAgain() {
        String environment = sleeping("late", States.LIMITS);
        FakeWorker worker = gateway.worker("late", Color.BLUE, "1");
        gateway.fleet.onWake(
                environment,
                _ -> gateway.fleet.wakes(environment) < 3
                        ? new Wake.Problem(404, "no such environment")
                        : new Wake.Ready(worker.address()));

        assertThat(gateway.infer("late", "{}").statusCode()).isEqualTo(200);
        assertThat(gateway.fleet.wakes(environment)).isEqualTo(3);
    }

    @Test
    void givenAWorkerInTheFeedBeforeTheWakeEndsNobodyWaitsForTheWake() {
        String environment = sleeping("feed", States.LIMITS);
        FakeWorker worker = gateway.worker("feed", Color.BLUE, "1");
        CountDownLatch never = new CountDownLatch(1);
        gateway.fleet.onWake(environment, _ -> {
            until(never);
            return new Wake.Ready(worker.address());
        });

        CompletableFuture<HttpResponse<String>> answer = gateway.inferAsync("feed", "{}");
        waiting.untilQueued("feed", 1);
        gateway.fleet.add(worker.address());

        assertThat(answer.join().statusCode()).isEqualTo(200);
        never.countDown();
    }

    @Test
    void givenTheDeadlinePassesInTheLineTheAnswerIs504() {
        String environment = sleeping("slow", States.LIMITS);
        CountDownLatch never = new CountDownLatch(1);
        gateway.fleet.onWake(environment, _ -> {
            until(never);
            return new Wake.Problem(503, "too late");
        });

        HttpResponse<String> answer = gateway.infer("slow", "{}", "Teal-Deadline-Millis", "300");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(error(answer)).contains("deadline");
        waiting.untilQueued("slow", 0);
        never.countDown();
    }

    @Test
    void givenAsManyWaitAsMayTheNextIsTurnedAwayAndALeaverFreesItsPlace() {
        String environment = sleeping("full", States.LIMITS);
        CountDownLatch end = new CountDownLatch(1);
        gateway.fleet.onWake(environment, _ -> {
            until(end);
            return new Wake.Problem(503, "ended");
        });
        List<CompletableFuture<HttpResponse<String>>> held = IntStream.range(0, 300)
                .mapToObj(_ -> gateway.inferAsync("full", "{}"))
                .toList();
        waiting.untilQueued("full", 300);

        HttpResponse<String> turnedAway = gateway.infer("full", "{}");
        assertThat(turnedAway.statusCode()).isEqualTo(503);
        assertThat(header(turnedAway, "Retry-After")).isEqualTo("1");

        held.getFirst().cancel(true);
        waiting.untilQueued("full", 299);
        CompletableFuture<HttpResponse<String>> next = gateway.inferAsync("full", "{}");
        waiting.untilQueued("full", 300);
        end.countDown();
        assertThat(next.join().statusCode()).isEqualTo(503);
        gateway.awaitNoBodies();
    }

    @Test
    void givenBodiesOverTheBytesThatMayWaitTheNextIsTurnedAway() {
        String environment = sleeping("heavy", States.LIMITS);
        CountDownLatch end = new CountDownLatch(1);
        gateway.fleet.onWake(environment, _ -> {
            until(end);
            return new Wake.Problem(503, "ended");
        });
        CompletableFuture<HttpResponse<String>> first = gateway.inferAsync("heavy", "x".repeat(600_000));
        waiting.untilQueued("heavy", 1);

        HttpResponse<String> second = gateway.infer("heavy", "x".repeat(600_000));

        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(error(second)).contains("waiting");
        end.countDown();
        assertThat(first.join().statusCode()).isEqualTo(503);
    }
}
