package dev.teal.worker;

import static dev.teal.worker.Batches.assertNear;
import static dev.teal.worker.Batches.matrix;
import static dev.teal.worker.Batches.request;
import static dev.teal.worker.Batches.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Models whose rows know of each other: what is computed together would be wrong. */
class MixedRowsTest {
    @Test
    void aModelThatMixesRowsIsNeverBatched() throws Exception {
        try (TestWorker worker = TestModel.centred().served()) {
            Clients.run(worker, 16, 25, (connection, random) -> {
                Tensor given = matrix(random, 1 + random.nextInt(3), 4);

                Tensor made = Clients.ask(connection, request(given), false, true)
                        .outputs()
                        .getFirst();

                assertNear(List.of(centred(given)), List.of(made));
            });

            assertThat(settled(worker, 400).path("execution_count").asLong()).isEqualTo(400);
        }
    }

    /** The same model: what it makes is as small as what it is given. */
    @Test
    void aModelThatMixesRowsIsNeverBatchedHoweverSmallItsNumbersAre() throws Exception {
        try (TestWorker worker = TestModel.centred().served()) {
            Clients.run(worker, 16, 25, (connection, random) -> {
                Tensor given = millionths(random, 1 + random.nextInt(3));

                float[] made = Asked.floats(Clients.ask(connection, request(given), true, true)
                        .outputs()
                        .getFirst());

                assertThat(made).containsExactly(Asked.floats(centred(given)), within(1e-11f));
            });

            assertThat(settled(worker, 400).path("execution_count").asLong()).isEqualTo(400);
        }
    }

    @Test
    void aModelOfSmallNumbersThatMixesNothingIsBatched() throws Exception {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, 4).served()) {
            Clients.run(worker, 16, 25, (connection, random) -> {
                Tensor given = millionths(random, 1 + random.nextInt(3));

                assertThat(Clients.ask(connection, request(given), true, true)
                                .outputs()
                                .getFirst()
                                .data())
                        .isEqualTo(given.data());
            });

            assertThat(settled(worker, 400).path("execution_count").asLong()).isLessThan(400);
        }
    }

    @Test
    void anInputThatMixesRowsIsFoundThoughItWasTheSameInAllRequestsFirst() throws Exception {
        try (TestWorker worker = TestModel.biased().served()) {
            Clients.run(worker, 16, 25, (connection, random) -> askBiased(connection, random, 1));
            assertThat(settled(worker, 400).path("execution_count").asLong())
                    .as("batched while it is the same")
                    .isLessThan(400);

            Clients.run(worker, 16, 25, (connection, random) -> askBiased(connection, random, random.nextInt(9)));
        }
    }

    private static void askBiased(UnixHttp connection, RandomGenerator random, float bias) throws IOException {
        float value = random.nextInt(100);
        List<Tensor> inputs = List.of(
                Asked.floats("x0", new long[] {1, 2}, value, -value),
                Asked.floats("x1", new long[] {1, 2}, bias, bias));

        InferenceResponse response =
                Clients.ask(connection, new InferenceRequest(null, inputs, List.of()), false, false);

        assertThat(Asked.floats(response.outputs().getFirst())).containsExactly(value + bias, -value + bias);
    }

    private static Tensor millionths(RandomGenerator random, int rows) {
        float[] values = Asked.floats(matrix(random, rows, 4));
        for (int i = 0; i < values.length; i++) {
            values[i] *= 1e-8f;
        }
        return Asked.floats("x0", new long[] {rows, 4}, values);
    }

    private static Tensor centred(Tensor given) {
        float[] values = Asked.floats(given);
        int rows = values.length / 4;
        float[] centred = new float[values.length];
        for (int column = 0; column < 4; column++) {
            double mean = 0;
            for (int row = 0; row < rows; row++) {
                mean += values[row * 4 + column] / rows;
            }
            for (int row = 0; row < rows; row++) {
                centred[row * 4 + column] = (float) (values[row * 4 + column] - mean);
            }
        }
        return Asked.floats("y0", given.shape(), centred);
    }
}
