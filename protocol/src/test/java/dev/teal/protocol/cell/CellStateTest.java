package dev.teal.protocol.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class CellStateTest {
    private static final CellState EMPTY = CellState.empty(States.REGION);

    @Test
    void givenAnUpdateTheNextStateHoldsIt() throws StateGap {
        CellState state = EMPTY.apply(one("a", 1, 1));

        assertThat(state.revision()).isEqualTo(1);
        assertThat(state.endpoint("a")).contains(States.endpoint("a", 1));
        assertThat(state.refused()).isEmpty();
    }

    @Test
    void givenAnOlderOrRepeatedUpdateNothingChanges() throws StateGap {
        StateUpdate first = one("a", 1, 1);
        CellState state = EMPTY.apply(first);
        CellState later =
                state.apply(States.update(state, 2, List.of(States.json(States.endpoint("a", 2))), List.of()));

        assertThat(later.apply(first)).isSameAs(later);
    }

    @Test
    void givenAMissedUpdateTheGapIsNoticed() throws StateGap {
        CellState one = EMPTY.apply(one("a", 1, 1));
        CellState two = one.apply(States.update(one, 2, List.of(States.json(States.endpoint("b", 1))), List.of()));
        StateUpdate third = States.update(two, 3, List.of(States.json(States.endpoint("c", 1))), List.of());

        assertThatThrownBy(() -> one.apply(third)).isInstanceOf(StateGap.class);
    }

    @Test
    void givenChangedBytesTheChecksumShowsIt() {
        StateUpdate good = one("a", 1, 1);
        ObjectNode damaged = (ObjectNode) States.json(States.endpoint("a", 1));
        damaged.withObject("limits").put("bodyLimitBytes", 7);

        assertThatThrownBy(() -> EMPTY.apply(
                        new StateUpdate(good.region(), 0, 1, good.checksum(), List.of(damaged), List.of(), List.of())))
                .isInstanceOf(StateGap.class);
    }

    @Test
    void givenABadEntryOnlyThatEndpointStaysAsItWas() throws StateGap {
        CellState before = EMPTY.apply(one("a", 1, 1));
        ObjectNode bad = (ObjectNode) States.json(States.endpoint("a", 2));
        bad.withObject("route").put("bluePercent", 70);
        CellState after =
                before.apply(States.update(before, 2, List.of(bad, States.json(States.endpoint("b", 1))), List.of()));

        assertThat(after.endpoint("a")).contains(States.endpoint("a", 1));
        assertThat(after.endpoint("b")).contains(States.endpoint("b", 1));
        assertThat(after.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.endpoint()).isEqualTo("a");
            assertThat(refused.generation()).isEqualTo(2);
            assertThat(refused.reason()).contains("blue=70");
        });
    }

    @Test
    void givenAnOlderGenerationTheEntryIsRefused() throws StateGap {
        CellState before = EMPTY.apply(one("a", 5, 1));
        CellState after =
                before.apply(States.update(before, 2, List.of(States.json(States.endpoint("a", 4))), List.of()));

        assertThat(after.endpoint("a")).map(EndpointState::generation).contains(5L);
        assertThat(after.refused()).hasSize(1);
    }

    @Test
    void givenAFieldFromTheFutureItIsSkippedAndKept() throws StateGap {
        ObjectNode newer = (ObjectNode) States.json(States.endpoint("a", 1));
        newer.put("somethingNew", true);
        CellState state = EMPTY.apply(States.update(EMPTY, 1, List.of(newer), List.of()));

        assertThat(state.endpoint("a")).contains(States.endpoint("a", 1));
        assertThat(state.whole().endpoints()).containsExactly(newer);
    }

    @Test
    void givenARemovedEndpointItIsGone() throws StateGap {
        CellState before = EMPTY.apply(one("a", 1, 1));
        CellState after = before.apply(States.update(before, 2, List.of(), List.of("a")));

        assertThat(after.endpoints()).isEmpty();
    }

    @Test
    void givenDeltasInARandomOrderTheStateEndsAsTheWholeSaysAndNeverGoesBack() throws StateGap {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            CellState truth = EMPTY;
            CellState follower = EMPTY;
            for (long revision = 1; revision <= 30; revision++) {
                String name = "e" + random.nextInt(4);
                StateUpdate update = random.nextInt(5) == 0
                        ? States.update(truth, revision, List.of(), List.of(name))
                        : States.update(
                                truth, revision, List.of(States.json(States.endpoint(name, revision))), List.of());
                truth = truth.apply(update);
                long before = follower.revision();
                follower = deliver(follower, update, truth, random);
                assertThat(follower.revision()).as("seed " + seed).isGreaterThanOrEqualTo(before);
            }
            follower = follower.apply(truth.whole());
            assertThat(follower.checksum()).as("seed " + seed).isEqualTo(truth.checksum());
            assertThat(follower.endpoints()).as("seed " + seed).isEqualTo(truth.endpoints());
        }
    }

    private static CellState deliver(CellState follower, StateUpdate update, CellState truth, Random random)
            throws StateGap {
        if (random.nextInt(4) == 0) {
            return follower;
        }
        try {
            CellState next = follower.apply(update);
            return random.nextBoolean() ? next.apply(update) : next;
        } catch (StateGap gap) {
            return follower.apply(truth.whole());
        }
    }

    @Test
    void givenASavedStateItIsLoadedAgain(@TempDir Path directory) throws Exception {
        StateFile file = new StateFile(directory);
        CellState state = EMPTY.apply(one("a", 1, 1));
        file.save(state);

        CellState loaded = file.load(States.REGION);
        assertThat(loaded.revision()).isEqualTo(1);
        assertThat(loaded.checksum()).isEqualTo(state.checksum());
        assertThat(loaded.endpoints()).isEqualTo(state.endpoints());
    }

    @Test
    void givenARefusedEntryWhatWasInForceSurvivesARestart(@TempDir Path directory) throws Exception {
        CellState before = EMPTY.apply(one("a", 1, 1));
        ObjectNode bad = (ObjectNode) States.json(States.endpoint("a", 2));
        bad.withObject("route").put("bluePercent", 70);
        CellState refused = before.apply(States.update(before, 2, List.of(bad), List.of()));
        StateFile file = new StateFile(directory);
        file.save(refused);

        CellState loaded = file.load(States.REGION);

        assertThat(loaded.endpoint("a")).contains(States.endpoint("a", 1));
        assertThat(loaded.refused()).isEqualTo(refused.refused());
        assertThat(loaded.checksum()).isEqualTo(refused.checksum());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "[]",
                "7",
                "{\"whole\":{}}",
                "{\"whole\":{},\"kept\":[]}",
                "{\"whole\":null,\"kept\":[null]}"
            })
    void givenAFileOfSomethingElseTheStateIsEmpty(String content, @TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("state.json"), content);

        assertThat(new StateFile(directory).load(States.REGION).revision()).isZero();
    }

    @Test
    void givenADamagedFileTheOneBeforeIsTaken(@TempDir Path directory) throws Exception {
        StateFile file = new StateFile(directory);
        CellState one = EMPTY.apply(one("a", 1, 1));
        CellState two = one.apply(States.update(one, 2, List.of(States.json(States.endpoint("a", 2))), List.of()));
        file.save(one);
        file.save(two);
        byte[] bytes = Files.readAllBytes(directory.resolve("state.json"));

        for (int cut = 0; cut < bytes.length; cut += 97) {
            Files.write(directory.resolve("state.json"), Arrays.copyOf(bytes, cut));
            assertThat(file.load(States.REGION).revision()).as("cut at " + cut).isEqualTo(1);
        }
        Files.delete(directory.resolve("state.previous.json"));
        assertThat(file.load(States.REGION).revision()).isZero();
    }

    private static StateUpdate one(String name, long generation, long revision) {
        return States.update(EMPTY, revision, List.of(States.json(States.endpoint(name, generation))), List.of());
    }
}
