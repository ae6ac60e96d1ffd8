package dev.teal.fleet.run.domain;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.fleet.run.domain.Action.Drain;
import dev.teal.fleet.run.domain.Action.Start;
import dev.teal.fleet.run.domain.Action.Stop;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.worker.WorkerState;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentPlanTest {

    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final EnvironmentState WANTED =
            environment(DIGEST, EnvironmentPhase.ACTIVE, new Scaling(0, 5, 7_000));
    private static final Spec SPEC = Spec.of("fraud", WANTED);
    private static final Spec STALE = Spec.of(
            "fraud", environment(DIGEST, EnvironmentPhase.ACTIVE, new Scaling(0, 5, 7_000), new RuntimeSettings(9, 9)));

    private static WorkerView worker(String id, WorkerState state, Spec spec) {
        return new WorkerView(id, state, spec, false);
    }

    private static List<Action> plan(int desired, boolean idle, boolean mayStart, WorkerView... workers) {
        return EnvironmentPlan.of(SPEC, WANTED, desired, idle, mayStart, List.of(workers));
    }

    @Test
    void givenTooFewTheMissingAreStarted() {
        assertThat(plan(2, false, true)).containsExactly(new Start(SPEC), new Start(SPEC));
        assertThat(plan(2, false, true, worker("a", WorkerState.FETCHING, SPEC)))
                .containsExactly(new Start(SPEC));
        assertThat(plan(2, false, false)).isEmpty();
    }

    @Test
    void givenTooManyReadyOnesLeaveAndThoseOnTheirWayStay() {
        assertThat(plan(1, false, true, worker("a", WorkerState.READY, SPEC), worker("b", WorkerState.READY, SPEC)))
                .containsExactly(new Drain("a", 0));
        assertThat(plan(0, true, true, worker("a", WorkerState.READY, SPEC))).containsExactly(new Drain("a", 7_000));
        assertThat(plan(0, true, true, worker("a", WorkerState.LOADING, SPEC))).isEmpty();
    }

    @Test
    void givenTheOnlyReadyOneAndAnotherOnItsWayTheReadyOneStays() {
        assertThat(plan(1, false, true, worker("a", WorkerState.READY, SPEC), worker("b", WorkerState.LOADING, SPEC)))
                .isEmpty();
    }

    @Test
    void givenStaleWorkersEachLeavesForAReadyReplacement() {
        WorkerView old = worker("old", WorkerState.READY, STALE);
        WorkerView older = worker("older", WorkerState.READY, STALE);

        assertThat(plan(1, false, true, old)).containsExactly(new Start(SPEC));
        assertThat(plan(1, false, true, old, worker("new", WorkerState.LOADING, SPEC)))
                .isEmpty();
        assertThat(plan(1, false, true, old, worker("new", WorkerState.READY, SPEC)))
                .containsExactly(new Drain("old", 0));
        assertThat(plan(
                        2,
                        false,
                        true,
                        old,
                        older,
                        worker("new", WorkerState.READY, SPEC),
                        worker("b", WorkerState.LOADING, SPEC)))
                .containsExactly(new Drain("old", 0));
        assertThat(plan(1, false, true, worker("old", WorkerState.LOADING, STALE)))
                .containsExactly(new Start(SPEC), new Stop("old", "stale"));
        assertThat(plan(0, true, true, old)).containsExactly(new Drain("old", 0));
    }

    @Test
    void givenFailedOrLeavingWorkersTheyCountForNothing() {
        assertThat(plan(1, false, true, worker("a", WorkerState.FAILED, SPEC)))
                .containsExactly(new Stop("a", "failed"), new Start(SPEC));
        assertThat(plan(1, false, true, new WorkerView("a", WorkerState.READY, SPEC, true)))
                .containsExactly(new Start(SPEC));
    }

    @Test
    void givenNothingToRunWorkIsFinishedAndTheRestStopped() {
        assertThat(EnvironmentPlan.leave(List.of(
                        worker("a", WorkerState.READY, SPEC),
                        worker("b", WorkerState.WARMING, SPEC),
                        worker("c", WorkerState.DRAINING, SPEC),
                        worker("d", WorkerState.FAILED, SPEC))))
                .containsExactly(new Stop("d", "failed"), new Drain("a", 0), new Stop("b", "environment gone"));
    }
}
