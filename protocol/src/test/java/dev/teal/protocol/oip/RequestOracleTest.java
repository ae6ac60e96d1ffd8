package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestOracleTest {
    @Test
    void randomRequestsAreReadAsJacksonsTreeIs() {
        AtomicInteger read = new AtomicInteger();

        Cases.forAll(3_000, random -> {
            String json = new RandomJson(random).request();

            String outcome = JsonRequestTarget.requireAgreement(json.getBytes(StandardCharsets.UTF_8));

            read.addAndGet(outcome.startsWith("ok") ? 1 : 0);
        });

        assertThat(read.get()).as("most are valid").isGreaterThan(1_500);
    }

    @Test
    void whereAnInputIsCutOffItIsRefused() {
        Cases.forAll(30, random -> {
            byte[] json = new RandomJson(random).request().strip().getBytes(StandardCharsets.UTF_8);
            for (int length = 0; length < json.length; length++) {
                assertThat(JsonRequestTarget.requireAgreement(java.util.Arrays.copyOf(json, length)))
                        .doesNotStartWith("ok");
            }
        });
    }
}
