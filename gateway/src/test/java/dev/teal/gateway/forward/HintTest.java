package dev.teal.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HintTest {
    private static byte[] request(String element, int times) {
        String data = String.join(", ", java.util.Collections.nCopies(times, element));
        return ("{\"inputs\":[{\"name\":\"x\",\"shape\":[" + times + "],\"datatype\":\"FP32\",\"data\":[" + data
                        + "]}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void manyNumbersWouldBeBetterOffAsBytes() {
        assertThat(Hint.wouldBinaryHelp(request("-0.123456e-3", 10_000))).isTrue();
    }

    @Test
    void fewNumbersAndTextWouldNot() {
        assertThat(Hint.wouldBinaryHelp(request("0.5", 1_000))).isFalse();
        assertThat(Hint.wouldBinaryHelp(request("\"trail running shoes\"", 10_000)))
                .isFalse();
    }
}
