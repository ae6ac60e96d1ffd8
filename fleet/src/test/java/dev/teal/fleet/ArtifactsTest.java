package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static dev.teal.fleet.kit.RunningFleet.LIMIT;
import static dev.teal.fleet.kit.RunningFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.fleet.cache.ArtifactCache;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.worker.WorkerFailure;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** From the control plane's bytes to a worker: what a bad copy does. */
class ArtifactsTest extends OneFleet {

    private static final Scaling FROM_ZERO = new Scaling(0, 3, 600_000);

    ArtifactsTest() {
        super("--fleet.worker.pool=0");
    }

    private void spoil(String digest) throws Exception {
        Path file = fleet.bean(ArtifactCache.class).path(digest);
        until(() -> Files.exists(file));
        Files.delete(file);
        Files.writeString(file, "ready but not the same");
    }

    @Test
    void givenTheCachedCopyIsCorruptAFreshOneIsFetched() throws Exception {
        String digest = controlPlane.artifact("ready");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, FROM_ZERO));
        spoil(digest);

        assertThat(fleet.woken(digest).digest()).isEqualTo(digest);
        assertThat(controlPlane.fetches(digest)).isEqualTo(2);
    }

    @Test
    void givenTheWholeCacheIsClearedAwayUnderAFleetThatRunsItBeginsAnew() throws Exception {
        String digest = controlPlane.artifact("ready");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, FROM_ZERO));
        Path file = fleet.bean(ArtifactCache.class).path(digest);
        until(() -> Files.exists(file));

        FileSystemUtils.deleteRecursively(home.resolve("fleet/cache"));

        // Ahead of need: nobody has asked for it
        until(() -> Files.exists(file));
        assertThat(fleet.woken(digest).digest()).isEqualTo(digest);
    }

    @Test
    void givenOneFetchAheadOfNeedTakesItsTimeTheOthersGoOn() throws Exception {
        again("--fleet.worker.pool=0", "--fleet.cache.prefetches=2", "--fleet.cache.prefetch-every=100ms");
        String slow = controlPlane.artifact("slow");
        String quick = controlPlane.artifact("quick");
        CountDownLatch released = controlPlane.hold(slow);
        try {
            controlPlane.set(environment(slow, EnvironmentPhase.ACTIVE, FROM_ZERO));
            until(() -> controlPlane.fetches(slow) == 1);
            // Some more looks at what is still to be fetched
            long seen = controlPlane.report().orElseThrow().sequence();
            until(() -> controlPlane.report().orElseThrow().sequence() > seen + 2);

            controlPlane.set(environment(quick, EnvironmentPhase.ACTIVE, FROM_ZERO));

            Path file = fleet.bean(ArtifactCache.class).path(quick);
            until(() -> Files.exists(file));
        } finally {
            released.countDown();
        }
    }

    @Test
    void givenTheControlPlaneSendsOtherBytesTheVersionFails() {
        String digest = controlPlane.artifact("ready");
        controlPlane.send(digest, "something else");
        controlPlane.set(environment(digest, EnvironmentPhase.LOADING, new Scaling(1, 1, 600_000)));

        until(() -> controlPlane.fact().map(fact -> fact.failure() != null).orElse(false));

        assertThat(controlPlane.fact().orElseThrow().failure().code()).isEqualTo(WorkerFailure.Code.DIGEST_MISMATCH);
        assertThat(fleet.ready()).isEmpty();
    }

    @Test
    void givenTheControlPlaneHasNotTheBytesAWakeSaysSoAfterThreeTries() {
        String digest = controlPlane.artifact("ready");
        String missing = "sha256:" + "7".repeat(64);
        controlPlane.set(environment(missing, EnvironmentPhase.ACTIVE, FROM_ZERO));
        until(() -> controlPlane.fact().isPresent());

        HttpResponse<String> answer = fleet.wake(missing, LIMIT);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("answered 404", "FETCH_FAILED");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, FROM_ZERO));
        until(() -> fleet.wake(digest, LIMIT).statusCode() == 200);
    }
}
