package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.Tolerance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** Requests of some rows, and what a worker has made of them. */
final class Batches {
    static final Duration LONG = Duration.ofSeconds(30);
    private static final Tolerance TOLERANCE = new Tolerance(1e-4, 1e-5);

    private Batches() {}

    static InferenceRequest request(Tensor given) {
        return new InferenceRequest(null, List.of(given), List.of());
    }

    static Tensor matrix(RandomGenerator random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-1_000, 1_000) / 8f;
        }
        return Asked.floats("x0", new long[] {rows, columns}, values);
    }

    static void assertNear(List<Tensor> expected, List<Tensor> made) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(TOLERANCE.difference(expected.get(i), made.get(i))).isEmpty();
        }
    }

    /** Once so many requests are counted, which is a moment after they are answered. */
    static JsonNode settled(TestWorker worker, long requests) throws IOException {
        await().atMost(LONG)
                .until(() -> Statistics.count(Asked.statistics(worker), "success") == requests
                        && worker.status(0).inFlight() == 0);
        return Asked.statistics(worker);
    }
}
