package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Json;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

/** Whatever a caller sends, the answer is the caller's mistake, in words, and the worker lives. */
class MalformedInferTest {
    private static final int BODIES = 1_000;
    private static final long SEED = 20261122;

    @Test
    void givenAThousandMalformedBodiesOnlyClientErrorsAreAnsweredAndTheWorkerLives() throws Exception {
        Fraud fraud = new Fraud(SharedTeal.get().api());
        fraud.endpoint("fuzzed", "{\"minWorkers\":1,\"maxWorkers\":1}");
        byte[] good = Files.readAllBytes(FraudDetection.DIRECTORY.resolve("request.json"));
        URI infer = SharedTeal.get().infer("fuzzed");
        String worker = onlyWorker();
        Random random = new Random(SEED);

        for (int i = 0; i < BODIES; i++) {
            byte[] body = malformed(good, random);
            HttpResponse<byte[]> response = Http.send(infer, body);

            String what = "body " + i + " of seed " + SEED + ": " + new String(body);
            assertThat(response.statusCode()).as(what).isBetween(400, 499);
            assertThat(Json.MAPPER.readTree(response.body()).path("error").asString(""))
                    .as(what)
                    .isNotBlank();
        }

        assertThat(Http.send(infer, good).statusCode()).isEqualTo(200);
        assertThat(onlyWorker()).isEqualTo(worker);
    }

    @Test
    void givenJsonAsDeepAsItMayBeItIsAnsweredAndOneDeeperIsRefused() throws Exception {
        new Fraud(SharedTeal.get().api()).endpoint("deep", "{\"minWorkers\":0,\"maxWorkers\":1}");
        String good = Files.readString(FraudDetection.DIRECTORY.resolve("request.json"));
        URI infer = SharedTeal.get().infer("deep");

        HttpResponse<byte[]> deepest = Http.send(infer, nested(good, 63));
        HttpResponse<byte[]> deeper = Http.send(infer, nested(good, 64));

        assertThat(deepest.statusCode()).isEqualTo(200);
        assertThat(deeper.statusCode()).isEqualTo(400);
        assertThat(new String(deeper.body())).contains("nested to a depth of more than 64");
    }

    /** Within the request's own object. */
    private static byte[] nested(String good, int arrays) {
        return good.replaceFirst("\\{", "{\"x\":" + "[".repeat(arrays) + "]".repeat(arrays) + ",")
                .getBytes();
    }

    private static String onlyWorker() throws Exception {
        for (var worker :
                SharedTeal.get().api().get("/api/v1/workers").expect(200).body().path("items")) {
            if (worker.path("endpoint").asString("").equals("fuzzed")) {
                return worker.path("id").asString();
            }
        }
        throw new AssertionError("no worker of fuzzed");
    }

    /** Cut, flipped, replaced or structurally wrong; never a body that a worker should answer. */
    private static byte[] malformed(byte[] good, Random random) {
        while (true) {
            byte[] body = switch (random.nextInt(5)) {
                case 0 -> Arrays.copyOf(good, random.nextInt(good.length - 1));
                case 1 -> flipped(good, random);
                case 2 -> noise(random);
                case 3 -> wrongValue(new String(good), random).getBytes();
                default -> "[".repeat(1 + random.nextInt(100_000)).getBytes();
            };
            if (!isJson(body) || new String(body).contains(WRONG)) {
                return body;
            }
        }
    }

    private static final String WRONG = "wrong!";

    private static String wrongValue(String good, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> good.replace("FP32", WRONG);
            case 1 -> good.replace("\"features\"", "\"" + WRONG + "\"");
            case 2 -> good.replace("[1, 8]", "[1, 8000000000, \"" + WRONG + "\"]");
            case 3 -> good.replace("30.0", "\"" + WRONG + "\"");
            case 4 -> good.replace("\"shape\"", "\"" + WRONG + "\"");
            default -> "{\"" + WRONG + "\":" + random.nextLong() + "}";
        };
    }

    private static byte[] flipped(byte[] good, Random random) {
        byte[] body = good.clone();
        for (int i = 0; i <= random.nextInt(8); i++) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }

    private static byte[] noise(Random random) {
        byte[] body = new byte[random.nextInt(2_000)];
        random.nextBytes(body);
        return body;
    }

    private static boolean isJson(byte[] body) {
        try {
            return Json.MAPPER.readTree(body).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }
}
