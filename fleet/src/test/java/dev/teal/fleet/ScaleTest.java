package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static dev.teal.fleet.kit.RunningFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.cell.WorkerAddress;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** As many workers as there is demand for, and none once nobody asks. */
class ScaleTest extends OneFleet {

    private static final Scaling SOON_IDLE = new Scaling(0, 3, 200);

    ScaleTest() {
        super("--fleet.worker.pool=0", "--fleet.worker.hang-limit=30s");
    }

    @Test
    void givenDemandOfManyMoreWorkersCome() {
        String digest = controlPlane.artifact("ready");
        oneReady(digest, EnvironmentPhase.ACTIVE, ONE_STAYS);

        until(() -> {
            fleet.demand(digest, 7, 0, 7);
            return fleet.ready().size() == 3;
        });
    }

    @Test
    void givenMoreMinimumWorkersThatManyRun() {
        String digest = controlPlane.artifact("ready");
        oneReady(digest, EnvironmentPhase.STANDBY, ONE_STAYS);

        controlPlane.set(environment(digest, EnvironmentPhase.STANDBY, new Scaling(2, 3, 600_000)));

        until(() -> fleet.ready().size() == 2);
    }

    @Test
    void givenAnIdleWorkerItLeavesButNotWhileItHoldsWork() throws IOException {
        String digest = controlPlane.artifact("ready");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, SOON_IDLE));
        until(() -> controlPlane.fact().isPresent());
        WorkerAddress worker = fleet.woken(digest);
        Path busy = Files.createFile(fleet.sockets().resolve(worker.id() + ".busy"));

        // The gateway sees nothing of what the worker holds, as in the instant before its next report: only the worker
        // knows
        long[] asked = {0};
        until(() -> {
            fleet.demand(digest, 0, 0, 1);
            return asked[0]++ > 50;
        });
        assertThat(fleet.ready()).containsExactly(worker);
        Files.delete(busy);

        until(() -> {
            fleet.demand(digest, 0, 0, 1);
            return fleet.facts().isEmpty();
        });
        until(() -> controlPlane.fact().orElseThrow().workers() == 0);
        assertThat(fleet.woken(digest).id()).isNotEqualTo(worker.id());
    }

    @Test
    void givenWorkersThatAreGoneBeforeTheySayThatTheyDrainNoneCountsAsACrash() {
        String digest = controlPlane.artifact("quick ready");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, SOON_IDLE));
        until(() -> controlPlane.fact().isPresent());

        for (int life = 0; life < 3; life++) {
            fleet.woken(digest);
            until(() -> {
                fleet.demand(digest, 0, 0, 1);
                return fleet.facts().isEmpty();
            });
        }

        fleet.woken(digest);
        assertThat(fleet.bean(MeterRegistry.class)
                        .get("fleet.worker.exits")
                        .tag("reason", "drained")
                        .counter()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void givenGatewaysAreSilentAnIdleWorkerStays() {
        String digest = controlPlane.artifact("ready");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, SOON_IDLE));
        until(() -> controlPlane.fact().isPresent());
        WorkerAddress worker = fleet.woken(digest);

        // Twice the idle timeout, as the fleet's own reports count it
        long seen = controlPlane.report().orElseThrow().sequence();
        until(() -> controlPlane.report().orElseThrow().sequence() > seen + 3);

        assertThat(fleet.ready()).containsExactly(worker);
    }
}
