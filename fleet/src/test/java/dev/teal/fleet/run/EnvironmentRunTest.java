package dev.teal.fleet.run;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.fleet.run.Event.Failed;
import dev.teal.fleet.scale.DemandBook;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.worker.WorkerFailure;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EnvironmentRunTest {

    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final DemandBook.Known SILENT = new DemandBook.Known(false, 0, 0, 0);

    private static EnvironmentRun run(int running) {
        return new EnvironmentRun(
                "fraud", environment(DIGEST, EnvironmentPhase.ACTIVE, new Scaling(0, 5, 10_000)), running, 0);
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void givenOneMoreCannotBeStartedThoseThatAreReadyStay() {
        EnvironmentRun run = run(3);
        for (int i = 0; i < 3; i++) {
            run.hear(new Failed(run.spec(), new WorkerFailure(WorkerFailure.Code.NO_CAPACITY, "full")), 2, 0);
        }

        assertThat(run.decide(SILENT, false, 2, 0)).isEqualTo(2);
        assertThat(run.trouble().told()).isPresent();
    }

    @Test
    void givenAVersionThatFailsAndNobodyWaitsNothingIsWantedAnyMore() {
        EnvironmentRun run = run(0);
        assertThat(run.decide(SILENT, true, 0, 0)).isEqualTo(1);

        run.hear(new Failed(run.spec(), new WorkerFailure(WorkerFailure.Code.LOAD_FAILED, "bad")), 0, 0);

        assertThat(run.decide(SILENT, false, 0, seconds(100))).isZero();
        assertThat(run.decide(SILENT, true, 0, seconds(100))).isEqualTo(1);
    }

    @Test
    void givenABurstWhileAsleepItIsForgottenOnceOneIsReady() {
        EnvironmentRun run = run(0);
        DemandBook.Known burst = new DemandBook.Known(true, 200, seconds(1), seconds(1));
        assertThat(run.decide(burst, true, 0, seconds(1))).isEqualTo(1);
        assertThat(run.decide(burst, false, 0, seconds(2))).isEqualTo(1);

        // The gateway has not spoken again since: its 200 waited for the one that is ready now
        assertThat(run.decide(burst, false, 1, seconds(3))).isEqualTo(1);

        DemandBook.Known after = new DemandBook.Known(true, 1, seconds(4), seconds(4));
        assertThat(run.decide(after, false, 1, seconds(4))).isEqualTo(1);
    }

    @Test
    void givenTheFirstWorkerStillWorksOffWhatQueuedForItNoOtherStartsUntilThatShouldBeOver() {
        EnvironmentRun run = run(0);
        run.decide(new DemandBook.Known(true, 200, seconds(1), seconds(1)), true, 0, seconds(2));

        assertThat(run.decide(new DemandBook.Known(true, 200, seconds(3), seconds(3)), false, 1, seconds(3)))
                .isEqualTo(1);
        assertThat(run.decide(new DemandBook.Known(true, 200, seconds(5), seconds(5)), false, 1, seconds(5)))
                .isGreaterThan(1);
    }

    @Test
    void givenNobodyWantedAnythingForTheIdleTimeoutItIsIdle() {
        EnvironmentRun run = run(1);

        assertThat(run.decide(new DemandBook.Known(true, 0, seconds(9), 0), false, 1, seconds(9)))
                .isEqualTo(1);
        assertThat(run.idle()).isFalse();
        assertThat(run.decide(new DemandBook.Known(true, 0, seconds(10), 0), false, 1, seconds(10)))
                .isZero();
        assertThat(run.idle()).isTrue();
    }
}
