package dev.teal.gateway.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
    private static final long SMALL = AnswerMemory.SMALL_BYTES;

    private final AnswerMemory memory = new AnswerMemory(8 * SMALL);

    @Test
    void largeAnswersHaveThreeQuartersOfIt() {
        assertThat(memory.hold().take(4 * SMALL)).isTrue();

        assertThat(memory.hold().take(3 * SMALL)).isFalse();
        assertThat(memory.hold().take(2 * SMALL)).isTrue();
        assertThat(memory.hold().take(SMALL)).isTrue();
        assertThat(memory.isFull()).isFalse();
        assertThat(memory.hold().take(SMALL)).isTrue();

        assertThat(memory.isFull()).isTrue();
        assertThat(memory.hold().take(1)).isFalse();
        assertThat(memory.heldBytes()).isEqualTo(8 * SMALL);
    }

    @Test
    void anAnswerThatGrowsLargeIsALargeOne() {
        assertThat(memory.hold().take(6 * SMALL)).isTrue();
        AnswerMemory.Hold growing = memory.hold();

        assertThat(growing.take(SMALL)).isTrue();
        assertThat(growing.take(1)).isFalse();
    }

    @Test
    void whatIsGivenBackIsGivenBackOnceAndWhoComesLaterGetsNothing() {
        AnswerMemory.Hold hold = memory.hold();
        assertThat(hold.take(SMALL)).isTrue();

        hold.close();
        hold.close();

        assertThat(memory.heldBytes()).isZero();
        assertThat(hold.take(1)).isFalse();
    }
}
