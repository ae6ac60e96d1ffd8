package dev.teal.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.answer.Answer;
import dev.teal.protocol.Color;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Traffic traffic = new Traffic(meters);

    private void answered(Answer answer) {
        traffic.answered("fraud", 1, Color.BLUE, true, answer, 1_000_000);
    }

    private double timed(String outcome) {
        return meters.get("gateway.requests").tag("outcome", outcome).timer().count();
    }

    @Test
    void givenAVersionsAnswersAreTooLargeItsGuardSeesThem() {
        answered(Answer.Failure.answerTooLarge(11, 10));

        assertThat(traffic.counts()).singleElement().satisfies(count -> {
            assertThat(count.requests()).isEqualTo(1);
            assertThat(count.failures()).isEqualTo(1);
        });
        assertThat(timed("oversized")).isEqualTo(1);
    }

    @Test
    void givenTheGatewayHasNoMemoryThatSaysNothingOfTheVersion() {
        answered(Answer.Failure.noAnswerMemory());

        assertThat(traffic.counts()).isEmpty();
        assertThat(timed("no_memory")).isEqualTo(1);
    }
}
