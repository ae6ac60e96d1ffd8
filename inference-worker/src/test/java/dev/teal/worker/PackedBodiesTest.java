package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackedBodiesTest {
    private static final Tensor GIVEN =
            RandomTensors.next(RandomGenerator.of("L64X128MixRandom"), "x0", Datatype.INT32, 20, 500);

    private static TestWorker worker;

    @BeforeAll
    static void start() throws IOException {
        worker = TestModel.identity(Datatype.INT32, -1, -1).served();
    }

    @AfterAll
    static void stop() throws IOException {
        worker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "deflate", "identity"})
    void aPackedRequestIsAnsweredLikeAPlainOne(String encoding) throws IOException {
        byte[] json = Asked.body(new InferenceRequest(null, List.of(GIVEN), List.of()), false)
                .bytes();

        UnixHttp.Response response = worker.infer(packed(encoding, json), "Content-Encoding: " + encoding);

        assertThat(Asked.answer(response).outputs().getFirst().data()).isEqualTo(GIVEN.data());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void theLengthOfTheJsonIsThatOfThePlainBody(String encoding) throws IOException {
        InferenceRequest request = new InferenceRequest(null, Schedule.NONE, List.of(GIVEN), List.of(), true);
        Asked.Body plain = Asked.body(request, true);

        UnixHttp.Response response =
                worker.infer(packed(encoding, plain.bytes()), "Content-Encoding: " + encoding, plain.headers()[0]);

        assertThat(Asked.answer(response).outputs().getFirst().data()).isEqualTo(GIVEN.data());

        UnixHttp.Response raw = worker.infer(
                packed(encoding, GIVEN.data().array()),
                "Content-Encoding: " + encoding,
                "Inference-Header-Content-Length: 0");
        assertThat(Asked.answer(raw).outputs().getFirst().shape()).containsExactly(1, 10_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            gzip                       | gzip
            deflate                    | deflate
            deflate;q=0.3, gzip;q=0.7  | gzip
            br, deflate;q=0.1          | deflate
            br                         | -
            gzip;q=0                   | -
            identity                   | -
            """)
    void anAnswerIsPackedAsItsClientLikesIt(String accepted, String encoding) throws IOException {
        for (boolean binary : new boolean[] {false, true}) {
            InferenceRequest request = new InferenceRequest(null, Schedule.NONE, List.of(GIVEN), List.of(), binary);
            Asked.Body body = Asked.body(request, false);

            UnixHttp.Response response = worker.infer(body.bytes(), "Accept-Encoding: " + accepted);

            assertThat(response.header("Content-Encoding")).isEqualTo(java.util.Optional.ofNullable(encoding));
            assertThat(response.header("Vary").isPresent()).isEqualTo(encoding != null);
            byte[] plain = encoding == null ? response.body() : unpacked(encoding, response.body());
            UnixHttp.Response read = new UnixHttp.Response(response.status(), response.headers(), plain);
            assertThat(Asked.answer(read).outputs().getFirst().data()).isEqualTo(GIVEN.data());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void aBombIsTooLargeAndTheWorkerGoesOn(String encoding) throws IOException {
        byte[] bomb = packed(encoding, new byte[100_000_000]);
        assertThat(bomb.length).isLessThan(500_000);

        UnixHttp.Response response = worker.infer(bomb, "Content-Encoding: " + encoding);

        assertThat(response.status()).isEqualTo(413);
        assertThat(Asked.error(response))
                .isEqualTo(
                        "the request is larger than the limit of 4194304 bytes; send less at once, or raise bodyLimit in the endpoint's configuration");
        aPackedRequestIsAnsweredLikeAPlainOne("gzip");
    }

    @Test
    void aBodyThatGrowsIntoLargerTensorsThanABodyMayBeIsTooLarge() throws IOException {
        String zeros = "0,".repeat(4 << 18);
        String most = "{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"INT32\",\"shape\":[1,%d],\"data\":[%s0]}]}";

        UnixHttp.Response fits =
                worker.infer(most.formatted(4 << 18, zeros.substring(2)).getBytes());
        UnixHttp.Response grows =
                worker.infer(most.formatted((4 << 18) + 2, zeros + "0,").getBytes());

        assertThat(fits.status()).isEqualTo(200);
        assertThat(grows.status()).isEqualTo(413);
        assertThat(Asked.error(grows))
                .isEqualTo(
                        "the request is larger than the limit of 4194304 bytes; send less at once, or raise bodyLimit in the endpoint's configuration");
    }

    @ParameterizedTest
    @CsvSource({"br, 501", "zstd, 501", "'gzip, gzip', 501", "gzip, 400", "deflate, 400"})
    void whatIsNotPackedAsItSaysIsRefused(String encoding, int status) throws IOException {
        UnixHttp.Response response = worker.infer("{\"inputs\":[]}".getBytes(), "Content-Encoding: " + encoding);

        assertThat(response.status()).isEqualTo(status);
        if (status == 501) {
            assertThat(response.header("Accept-Encoding")).contains("gzip, deflate");
            assertThat(Asked.error(response)).startsWith("Content-Encoding '" + encoding + "' is not supported");
        } else {
            assertThat(Asked.error(response))
                    .isEqualTo("the body is not " + encoding + " as its Content-Encoding says");
        }
    }

    @Test
    void theTimeoutOfAPackedRequestIsReadToo() throws IOException {
        byte[] json = "{\"parameters\":{\"timeout\":-1},\"inputs\":[]}".getBytes();

        UnixHttp.Response response = worker.infer(packed("gzip", json), "Content-Encoding: gzip");

        assertThat(Asked.error(response)).startsWith("parameter 'timeout' must be");
    }

    static byte[] packed(String encoding, byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = switch (encoding.toLowerCase(java.util.Locale.ROOT)) {
            case "gzip", "x-gzip" -> new GZIPOutputStream(packed);
            case "deflate" -> new DeflaterOutputStream(packed);
            default -> packed;
        }) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] unpacked(String encoding, byte[] packed) throws IOException {
        ByteArrayInputStream bytes = new ByteArrayInputStream(packed);
        try (InputStream in = encoding.equals("gzip") ? new GZIPInputStream(bytes) : new InflaterInputStream(bytes)) {
            return in.readAllBytes();
        }
    }
}
