package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static dev.teal.fleet.kit.RunningFleet.until;

import dev.teal.fleet.kit.FakeControlPlane;
import dev.teal.fleet.kit.RunningFleet;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.cell.WorkerFact;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of the test's own, between a control plane and workers that do as they are told. */
abstract class OneFleet {

    /** One worker at least, whatever is asked for. */
    static final Scaling ONE_STAYS = new Scaling(1, 3, 600_000);

    @TempDir
    Path home;

    FakeControlPlane controlPlane;
    RunningFleet fleet;
    private final String[] arguments;

    OneFleet(String... arguments) {
        this.arguments = arguments;
    }

    @BeforeEach
    void start() throws IOException {
        controlPlane = new FakeControlPlane();
        fleet = RunningFleet.start(home, controlPlane, arguments);
    }

    @AfterEach
    void end() {
        fleet.end();
        controlPlane.close();
    }

    /** Begins anew, with other workers and other arguments. */
    void again(String... others) throws IOException {
        fleet.end();
        fleet = RunningFleet.start(home, controlPlane, others);
    }

    WorkerFact oneReady(String digest, EnvironmentPhase phase, Scaling scaling) {
        controlPlane.set(environment(digest, phase, scaling));
        until(() -> fleet.ready().size() == 1);
        return fleet.fact(fleet.ready().getFirst().id());
    }
}
