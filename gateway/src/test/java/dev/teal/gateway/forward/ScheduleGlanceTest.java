package dev.teal.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.workers.InferRequest;
import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.oip.Schedule;
import inference.InferParameter;
import inference.ModelInferRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleGlanceTest {
    private static final Schedule SAID = new Schedule(3, 70);
    private static final String BEFORE = "{\"parameters\":{\"priority\":3,\"timeout\":70},\"inputs\":[]}";

    /** Inputs of so many elements, and the schedule behind them. */
    private static String behind(int elements) {
        return "{\"inputs\":[{\"data\":[" + "1,".repeat(elements)
                + "1]}],\"parameters\":{\"priority\":3,\"timeout\":70}}";
    }

    /** @param head names and values by turns */
    private static Schedule glance(byte[] body, String... head) {
        Map<String, String> passed = new HashMap<>();
        for (int i = 0; i < head.length; i += 2) {
            passed.put(head[i], head[i + 1]);
        }
        return ScheduleGlance.of(new InferRequest("/path", "digest", 1, body, passed, "traceparent", null));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] packed(String encoding, byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out =
                encoding.equals("deflate") ? new DeflaterOutputStream(packed) : new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    @Test
    void itIsFoundInJsonBeforeTheInputsAndBehindThem() {
        assertThat(glance(bytes(BEFORE))).isEqualTo(SAID);
        assertThat(glance(bytes(BEFORE), "Content-Type", "application/json")).isEqualTo(SAID);
        assertThat(glance(bytes(BEFORE), "Content-Encoding", "Identity")).isEqualTo(SAID);
        assertThat(glance(bytes(behind(100_000)))).isEqualTo(SAID);
        assertThat(glance(bytes("{\"inputs\":[]}"))).isEqualTo(Schedule.NONE);
        assertThat(glance(bytes("no JSON"))).isEqualTo(Schedule.NONE);
        assertThat(glance(new byte[0])).isEqualTo(Schedule.NONE);
    }

    @Test
    void ofABodyWithBinaryDataTheJsonIsLookedAtAlone() {
        String json = behind(10);
        byte[] body = Arrays.copyOf(bytes(json), 50_000);

        assertThat(glance(body, "Inference-Header-Content-Length", " " + json.length()))
                .isEqualTo(SAID);
        assertThat(glance(bytes(BEFORE), "Inference-Header-Content-Length", "0"))
                .as("raw: these are elements")
                .isEqualTo(Schedule.NONE);
    }

    @ParameterizedTest
    @CsvSource({"gzip,gzip", "gzip,x-gzip", "gzip,' GZIP '", "deflate,deflate"})
    void ofAPackedBodyItIsFoundInItsFirstBytes(String encoding, String said) throws IOException {
        assertThat(glance(packed(encoding, bytes(BEFORE)), "Content-Encoding", said))
                .isEqualTo(SAID);
        assertThat(glance(packed(encoding, bytes(behind(1_000))), "Content-Encoding", said))
                .isEqualTo(SAID);
        assertThat(glance(packed(encoding, bytes(behind(100_000))), "Content-Encoding", said))
                .isEqualTo(Schedule.NONE);
        assertThat(glance(bytes(BEFORE), "Content-Encoding", said))
                .as("not packed as it says")
                .isEqualTo(Schedule.NONE);
    }

    @Test
    void ofAMessageItIsFoundAmongItsParameters() {
        byte[] message = ModelInferRequest.newBuilder()
                .setModelName("m")
                .putParameters(
                        "priority",
                        InferParameter.newBuilder().setUint64Param(3).build())
                .putParameters(
                        "timeout", InferParameter.newBuilder().setInt64Param(70).build())
                .build()
                .toByteArray();

        assertThat(glance(message, "Content-Type", TealHeaders.MESSAGE_TYPE)).isEqualTo(SAID);
        assertThat(glance(new byte[] {1, 2, 3}, "Content-Type", TealHeaders.MESSAGE_TYPE))
                .isEqualTo(Schedule.NONE);
    }
}
