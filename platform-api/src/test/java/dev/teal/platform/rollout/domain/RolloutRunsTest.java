package dev.teal.platform.rollout.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.rollout.domain.Sight.Gateway;
import dev.teal.platform.rollout.domain.Sight.Occupancy;
import dev.teal.platform.rollout.domain.Sight.Workers;
import dev.teal.protocol.Color;
import dev.teal.protocol.worker.WorkerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What must hold in any run of signals; a failure names its seed. */
class RolloutRunsTest {
    private static final int RUNS = 2_000;
    private static final int SIGNALS = 60;

    @Test
    void noRunSendsTrafficToAnUnprovenColorReusesAGenerationOrLeavesAnEnd() {
        int ended = 0;
        int committed = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Plan plan = List.of(Views.RELEASE, Views.MANUAL, Views.INITIAL, Views.BACK)
                    .get(random.nextInt(4));
            long generation = Views.OLD;
            long last = Views.OLD;
            Instant now = Views.START;
            Rollout rollout = new Rollout.Pending(plan, now);
            for (int i = 0; i < SIGNALS; i++) {
                now = now.plusMillis(random.nextInt(random.nextInt(20) == 0 ? 4_000_000 : 4_000));
                Sight sight = sight(random, now, generation, last);
                Step step;
                try {
                    step = rollout.on(signal(random), sight, now);
                } catch (IllegalTransition refused) {
                    continue;
                }
                for (Effect effect : step.effects()) {
                    if (effect instanceof Effect.SetNext(long next, var _)) {
                        assertThat(next).as("seed %d", seed).isGreaterThan(last);
                        last = next;
                    }
                    if (effect instanceof Effect.Commit(long next, Color color, var _)) {
                        Optional<Workers> proof = color == plan.color() ? sight.workers() : sight.previousWorkers();
                        assertThat(proof)
                                .as("seed %d commits to %s", seed, color)
                                .isPresent();
                        assertThat(proof.get().ready())
                                .as("seed %d commits to %s", seed, color)
                                .isPositive();
                        assertThat(next)
                                .as("seed %d", seed)
                                .isGreaterThan(generation)
                                .isGreaterThanOrEqualTo(last);
                        if (plan.kind() != RolloutKind.ROLLBACK && color == plan.color()) {
                            long prepared = next;
                            assertThat(sight.gateways())
                                    .as("seed %d", seed)
                                    .isNotEmpty()
                                    .allMatch(gateway -> gateway.prepared().contains(prepared));
                        }
                        generation = next;
                        last = Math.max(last, next);
                        committed++;
                    }
                }
                if (rollout instanceof Rollout.Ended) {
                    assertThat(step.next()).as("seed %d", seed).isSameAs(rollout);
                    assertThat(step.effects()).as("seed %d", seed).isEmpty();
                }
                if (step.next() instanceof Rollout.Ended && !(rollout instanceof Rollout.Ended)) {
                    ended++;
                    assertThat(((Rollout.Ended) step.next()).reason())
                            .as("seed %d", seed)
                            .isNotBlank();
                }
                rollout = step.next();
            }
        }
        assertThat(ended).as("runs that end").isGreaterThan(RUNS / 2);
        assertThat(committed).as("commits seen").isGreaterThan(RUNS / 10);
    }

    private static Signal signal(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> new Signal.Promote();
            case 1 -> random.nextInt(4) == 0 ? new Signal.Abort("no") : new Signal.Look();
            case 2 -> new Signal.RollBack("no");
            case 3 -> new Signal.Promote();
            default -> new Signal.Look();
        };
    }

    private static Sight sight(Random random, Instant now, long generation, long last) {
        List<Gateway> gateways = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Set<Long> prepared = random.nextInt(4) == 0 ? Set.of() : Set.of(last, last + 1);
            gateways.add(
                    new Gateway("g" + i, now.minusSeconds(random.nextInt(60)), prepared, random.nextInt(4) != 0, null));
        }
        List<Sight.Count> counts =
                List.of(new Sight.Count(generation, Color.GREEN, new Traffic(100, random.nextInt(20) == 0 ? 90 : 1)));
        return new Sight(
                Occupancy.values()[random.nextInt(Occupancy.values().length)],
                random.nextInt(4),
                workers(random),
                workers(random),
                gateways,
                generation,
                last,
                counts);
    }

    private static Optional<Workers> workers(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(random.nextInt(4) == 0 ? Views.FAULTY : Views.UNLUCKY);
            case 2 -> Optional.of(Views.LOADING);
            default -> Optional.of(new Workers(1 + random.nextInt(2), WorkerState.READY, null));
        };
    }
}
