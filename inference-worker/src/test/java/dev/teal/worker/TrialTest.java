package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a model may be batched, found out from its clients' requests: what is looked at, and what clients see of it. */
class TrialTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void clientsThatAllAskTheSameAreBatchedToo() throws Exception {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, 4).served()) {
            askTheSame(worker);

            assertThat(executions(worker, 400)).isLessThan(400);
        }
    }

    @Test
    void givenAModelThatMixesRowsClientsThatAllAskTheSameAreNotBatched() throws Exception {
        try (TestWorker worker = TestModel.centred().served()) {
            askTheSame(worker);

            assertThat(executions(worker, 400)).isEqualTo(400);
        }
    }

    @Test
    void whereTheOwnRequestsHadOtherShapesNothingIsKnown() throws Exception {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, -1).served()) {
            askTheSame(worker);

            assertThat(executions(worker, 400)).isEqualTo(400);
        }
    }

    private static void askTheSame(TestWorker worker) throws Exception {
        Tensor given = Asked.floats("x0", new long[] {1, 4}, 1, 2, 3, 4);
        Clients.run(
                worker,
                16,
                25,
                (connection, random) -> assertThat(Clients.ask(
                                        connection, new InferenceRequest(null, List.of(given), List.of()), false, false)
                                .outputs()
                                .getFirst()
                                .shape())
                        .containsExactly(1, 4));
    }

    @Test
    void anOutputThatNobodyAskedForIsLookedAtToo() throws Exception {
        try (TestWorker worker = TestModel.halfCentred().served()) {
            askForOne(worker);

            assertThat(executions(worker, 400)).isEqualTo(400);
        }
    }

    @Test
    void whatIsTrustedIsLookedAtAgain() throws Exception {
        try (TestWorker worker = TestModel.centredAboveZero().served()) {
            ask(worker, 400, -1);
            assertThat(executions(worker, 400)).as("batched").isLessThan(400);

            int requests = 400;
            long runs = 0;
            while (runs < 400 && requests < 40_000) {
                long before = executions(worker, requests);
                ask(worker, 400, 1);
                requests += 400;
                runs = executions(worker, requests) - before;
            }

            assertThat(runs).as("each by itself, once it was seen to mix rows").isEqualTo(400);
        }
    }

    private static void ask(TestWorker worker, int requests, int sign) throws Exception {
        Clients.run(worker, 16, requests / 16, (connection, random) -> {
            float[] row = {sign, sign * random.nextFloat(), sign * random.nextFloat(), sign * random.nextFloat()};
            Tensor given = Asked.floats("x0", new long[] {1, 4}, row);
            Clients.ask(connection, new InferenceRequest(null, List.of(given), List.of()), true, true);
        });
    }

    private static void askForOne(TestWorker worker) throws Exception {
        Clients.run(worker, 16, 25, (connection, random) -> {
            Tensor given = Batches.matrix(random, 1 + random.nextInt(3), 4);

            List<Tensor> made = Clients.ask(
                            connection, new InferenceRequest(null, List.of(given), List.of("same")), true, true)
                    .outputs();

            assertThat(made).extracting(Tensor::name).containsExactly("same");
            assertThat(made.getFirst().data()).isEqualTo(given.data());
        });
    }

    private static long executions(TestWorker worker, long requests) throws IOException {
        await().atMost(LONG)
                .until(() -> Statistics.count(Asked.statistics(worker), "success") == requests
                        && worker.status(0).inFlight() == 0);
        Statistics.assertAddUp(Asked.statistics(worker));
        return Asked.statistics(worker).path("execution_count").asLong();
    }
}
