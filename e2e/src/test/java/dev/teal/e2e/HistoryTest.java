package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A checker that never complains is worth nothing: each rule is broken once and must be caught. */
class HistoryTest {
    private static final FraudDetection MODEL = new FraudDetection();
    private static final List<Commit> COMMITS = List.of(
            new Commit(1, "BLUE", "1", "sha256:a", 100),
            new Commit(2, "GREEN", "2", "sha256:b", 200),
            new Commit(3, "BLUE", "1", "sha256:a", 300));

    @Test
    void givenAGoodHistoryNothingIsFound() throws IOException {
        assertThat(new History(MODEL, COMMITS).violations(goodHistory())).isEmpty();
    }

    @Test
    void givenALateAnswerOfTheOldGenerationBeforeTheAcknowledgementNothingIsFound() throws IOException {
        List<Answer> answers = goodHistory();
        answers.add(answer(9, 199, 1));

        assertThat(new History(MODEL, COMMITS).violations(answers)).isEmpty();
    }

    @Test
    void givenAFailedRequestItIsFound() throws IOException {
        assertCaught(a -> Answer.broken(a.client(), a.startedNanos(), a.endedNanos(), a.row(), 503, "no"), "failed");
    }

    @Test
    void givenAnUnknownGenerationItIsFound() throws IOException {
        assertCaught(a -> copy(a, a.color(), a.version(), a.digest(), 77, a.fraud()), "never committed");
    }

    @Test
    void givenTheOtherColorItIsFound() throws IOException {
        assertCaught(
                a -> copy(a, "green", a.version(), a.digest(), a.generation(), a.fraud()),
                "not what its generation names");
    }

    @Test
    void givenAnotherDigestItIsFound() throws IOException {
        assertCaught(
                a -> copy(a, a.color(), a.version(), "sha256:x", a.generation(), a.fraud()),
                "not what its generation names");
    }

    @Test
    void givenTheOtherVersionsNumbersTheyAreFound() throws IOException {
        assertCaught(
                a -> copy(a, a.color(), a.version(), a.digest(), a.generation(), fraud("2", a.row())),
                "numbers of another version");
    }

    @Test
    void givenAnOldGenerationAfterItsSuccessorWasAcknowledgedItIsFound() throws IOException {
        List<Answer> answers = goodHistory();
        answers.add(answer(9, 250, 1));

        assertThat(new History(MODEL, COMMITS).violations(answers))
                .singleElement()
                .asString()
                .contains("was acknowledged");
    }

    @Test
    void givenAClientThatGoesBackItIsFound() throws IOException {
        List<Answer> answers = goodHistory();
        answers.add(answer(9, 150, 2));
        answers.add(answer(9, 160, 1));

        assertThat(new History(MODEL, COMMITS).violations(answers))
                .singleElement()
                .asString()
                .contains("went back");
    }

    private static void assertCaught(UnaryOperator<Answer> mutation, String complaint) throws IOException {
        List<Answer> answers = goodHistory();
        answers.set(0, mutation.apply(answers.getFirst()));

        assertThat(new History(MODEL, COMMITS).violations(answers))
                .isNotEmpty()
                .first()
                .asString()
                .contains(complaint);
    }

    private static List<Answer> goodHistory() throws IOException {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            long generation = 1 + i / 10;
            answers.add(answer(i % 3, 101 + i * 10L, generation));
        }
        return answers;
    }

    private static Answer answer(int client, long startedNanos, long generation) throws IOException {
        Commit commit = COMMITS.get((int) generation - 1);
        int row = row();
        return new Answer(
                client,
                startedNanos,
                startedNanos + 5,
                row,
                200,
                commit.color().toLowerCase(java.util.Locale.ROOT),
                commit.version(),
                commit.digest(),
                generation,
                fraud(commit.version(), row),
                "");
    }

    private static Answer copy(Answer a, String color, String version, String digest, long generation, double fraud) {
        return new Answer(
                a.client(),
                a.startedNanos(),
                a.endedNanos(),
                a.row(),
                a.status(),
                color,
                version,
                digest,
                generation,
                fraud,
                a.error());
    }

    private static int row() {
        for (int row = 0; row < MODEL.rows(); row++) {
            if (MODEL.tellsVersionsApart(row)) {
                return row;
            }
        }
        throw new AssertionError("no row tells the versions apart");
    }

    private static double fraud(String version, int row) {
        try {
            String line = Files.readAllLines(FraudDetection.DIRECTORY.resolve("v" + version + ".expected.csv"))
                    .get(row + 1);
            return Double.parseDouble(line.split(",")[1]);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
