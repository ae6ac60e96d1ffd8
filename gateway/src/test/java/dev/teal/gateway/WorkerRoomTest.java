package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How many requests a worker is given at once: four for each run, or what it may compute together and as many again. */
class WorkerRoomTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static final int CONCURRENCY = 2;

    @BeforeAll
    static void start() {
        gateway.controlPlane.publish(States.blueOnly("first", 1, States.LIMITS));
        gateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "2, 8", "8, 32"})
    void givenManySlowAnswersEachWorkerHoldsWhatItMayAndNoMore(int rows, int held) {
        String endpoint = "share-" + rows;
        Sinks.Empty<Void> go = Sinks.empty();
        Mono<Void> until = go.asMono();
        List<FakeWorker> workers = IntStream.range(0, 2)
                .mapToObj(_ -> gateway.worker(endpoint, Color.BLUE, "1", CONCURRENCY)
                        .rows(rows)
                        .script(_ -> new Act.AnswerLater(until)))
                .toList();
        workers.forEach(worker -> gateway.fleet.add(worker.address()));
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly(endpoint, 1, States.LIMITS)));

        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 2 * held + 20)
                .mapToObj(_ -> gateway.inferAsync(endpoint, "{}"))
                .toList();
        await().atMost(LONG).until(() -> workers.stream().allMatch(worker -> worker.requests() == held));
        go.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

        answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        assertThat(workers).allMatch(worker -> worker.mostAtOnce() == held);
    }
}
