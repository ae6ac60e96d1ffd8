package dev.teal.platform.rollout.domain;

import dev.teal.platform.rollout.domain.Sight.Count;
import dev.teal.platform.rollout.domain.Sight.Gateway;
import dev.teal.platform.rollout.domain.Sight.Occupancy;
import dev.teal.platform.rollout.domain.Sight.Workers;
import dev.teal.protocol.Color;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Sights for tests: a good one, and how to spoil it. */
final class Views {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final long OLD = 4;
    static final long NEW = 5;

    static final Plan RELEASE = new Plan(
            RolloutKind.RELEASE,
            Color.GREEN,
            "fraud-detection",
            "2",
            "1",
            Promotion.AUTO,
            Duration.ofMinutes(10),
            Duration.ofHours(24),
            true);
    static final Plan MANUAL = new Plan(
            RolloutKind.RELEASE,
            Color.GREEN,
            "fraud-detection",
            "2",
            "1",
            Promotion.MANUAL,
            Duration.ofMinutes(10),
            Duration.ofHours(24),
            true);
    static final Plan INITIAL = Plan.initial("fraud-detection", "1");
    static final Plan BACK = Plan.rollback(Color.BLUE, "fraud-detection", "1", "2");

    static final Workers ONE_READY = new Workers(1, WorkerState.READY, null);
    static final Workers LOADING = new Workers(0, WorkerState.LOADING, null);
    static final Workers FAULTY = new Workers(
            0, WorkerState.FAILED, new WorkerFailure(WorkerFailure.Code.GOLDEN_MISMATCH, "sample 3 differs"));
    static final Workers UNLUCKY =
            new Workers(0, WorkerState.FAILED, new WorkerFailure(WorkerFailure.Code.NO_CAPACITY, "no room"));

    private Views() {}

    static Gateway agreeing(String id) {
        return new Gateway(id, START, Set.of(NEW, NEW + 1), true, null);
    }

    static Gateway silent(String id) {
        return new Gateway(id, START, Set.of(), false, null);
    }

    static Sight good() {
        return new Sight(
                Occupancy.FREE,
                1,
                Optional.of(ONE_READY),
                Optional.of(ONE_READY),
                List.of(agreeing("g1")),
                OLD,
                OLD,
                List.of());
    }

    static Sight with(Sight sight, Optional<Workers> workers) {
        return new Sight(
                sight.target(),
                sight.warmWorkers(),
                workers,
                sight.previousWorkers(),
                sight.gateways(),
                sight.generation(),
                sight.lastGeneration(),
                sight.counts());
    }

    static Sight withPrevious(Sight sight, Optional<Workers> previous) {
        return new Sight(
                sight.target(),
                sight.warmWorkers(),
                sight.workers(),
                previous,
                sight.gateways(),
                sight.generation(),
                sight.lastGeneration(),
                sight.counts());
    }

    static Sight with(Sight sight, List<Gateway> gateways) {
        return new Sight(
                sight.target(),
                sight.warmWorkers(),
                sight.workers(),
                sight.previousWorkers(),
                gateways,
                sight.generation(),
                sight.lastGeneration(),
                sight.counts());
    }

    static Sight with(Sight sight, Occupancy target) {
        return new Sight(
                target,
                sight.warmWorkers(),
                sight.workers(),
                sight.previousWorkers(),
                sight.gateways(),
                sight.generation(),
                sight.lastGeneration(),
                sight.counts());
    }

    static Sight withCounts(Sight sight, Count... counts) {
        return new Sight(
                sight.target(),
                sight.warmWorkers(),
                sight.workers(),
                sight.previousWorkers(),
                sight.gateways(),
                sight.generation(),
                sight.lastGeneration(),
                List.of(counts));
    }

    static Sight nothing() {
        return new Sight(Occupancy.FREE, 1, Optional.empty(), Optional.empty(), List.of(), OLD, OLD, List.of());
    }
}
