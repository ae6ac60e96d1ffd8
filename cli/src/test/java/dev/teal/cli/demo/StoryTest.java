package dev.teal.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The story must notice when it is not true. */
class StoryTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("teal.root"), "examples/models");
    private static final Story.Pace BRISK =
            new Story.Pace(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(20));

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private FakeTeal fake;

    @BeforeEach
    void start() throws IOException {
        fake = new FakeTeal(EXAMPLES.resolve("fraud-detection"));
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void givenAllGoesWellItIsToldToItsEnd() throws Exception {
        tell(BRISK);

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("version 1, generation 1")
                .contains("version 2, generation 2")
                .contains("version 1, generation 3")
                .contains("failed 0")
                .contains("cold start");
    }

    @Test
    void givenVersion2IsLiveFromAnEarlierRunItGoesBackFirst() throws Exception {
        fake.startWith("2");

        tell(BRISK);

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("version 2 is live from an earlier run")
                .contains("version 1, generation 2")
                .contains("version 2, generation 3")
                .contains("version 1, generation 4");
    }

    @Test
    void givenOneRequestFailsUnderLoadItSaysSo() {
        fake.failEvery = 20;

        assertThatThrownBy(() -> tell(BRISK)).hasMessageContaining("503").hasMessageContaining("no worker");
    }

    @Test
    void givenAnAnswerOfAnotherVersionThanItNamesItSaysSo() {
        fake.liar = "2";

        assertThatThrownBy(() -> tell(BRISK))
                .isInstanceOf(NotAsTold.class)
                .hasMessageContaining("version 1 does not say");
    }

    @Test
    void givenARolloutThatFailsItGivesTheReason() {
        fake.end = "FAILED";

        assertThatThrownBy(() -> tell(BRISK))
                .isInstanceOf(NotAsTold.class)
                .hasMessage("the rollout ended FAILED: golden sample 3 differs");
    }

    @Test
    void givenWorkersThatNeverStopItSaysSo() {
        fake.workers = 1;

        assertThatThrownBy(
                        () -> tell(new Story.Pace(Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofSeconds(5))))
                .isInstanceOf(NotAsTold.class)
                .hasMessageContaining("for its workers to be stopped");
    }

    @Test
    void givenTheExamplesTheVersionsAreFarApart() throws IOException {
        Example example = Example.mostTelling(EXAMPLES.resolve("fraud-detection"));

        double first = example.fraudByVersion().get("1");
        double second = example.fraudByVersion().get("2");

        assertThat(Math.abs(first - second)).isGreaterThan(0.05);
        assertThat(example.isRight("1", first)).isTrue();
        assertThat(example.isRight("1", second)).isFalse();
        assertThat(example.isRight("3", first)).isFalse();
    }

    private void tell(Story.Pace pace) throws Exception {
        Terminal terminal = new Terminal(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (TealClient teal = new TealClient(fake.address(), "the-key");
                Inference inference = new Inference(fake.address(), Story.NAME)) {
            new Story(teal, inference, EXAMPLES, pace, terminal).tell();
        }
    }
}
