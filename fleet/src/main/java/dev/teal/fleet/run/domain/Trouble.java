package dev.teal.fleet.run.domain;

import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerFailure.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with an environment since it is what it is, and how long that holds new starts. A failure that may pass is tried
 * {@value #TRIES} times before anybody is told; a version that failed its proof is at fault at once. While a version is being brought up
 * (LOADING) the control plane decides what follows, so starts that cost a process end there; a version in use is tried again, ever later.
 *
 * @param tries that failed since the last good one
 * @param latest null while all is well
 * @param holdUntilNanos monotonic; before it nothing is started
 * @param forGood nothing is started until the environment changes
 * @param crashes when ready workers died, within {@link #CRASH_WINDOW}
 */
public record Trouble(
        int tries, @Nullable WorkerFailure latest, long holdUntilNanos, boolean forGood, List<Long> crashes) {

    public static final Trouble NONE = new Trouble(0, null, 0, false, List.of());

    static final int TRIES = 3;
    static final int CRASHES = 3;
    static final Duration CRASH_WINDOW = Duration.ofSeconds(60);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration FIRST_HOLD = Duration.ofSeconds(1);
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(60);

    public Trouble {
        crashes = List.copyOf(crashes);
    }

    /** A worker could not be brought up. */
    public Trouble failed(WorkerFailure failure, EnvironmentPhase phase, long nowNanos) {
        int failed = tries + 1;
        boolean told = !failure.code().mayPass() || failed >= TRIES;
        boolean costsProcess = !failure.code().mayPass() || failure.code() == Code.WORKER_DIED;
        Duration pause = told
                ? growing(FIRST_HOLD, failure.code().mayPass() ? failed - TRIES : failed - 1)
                : growing(FIRST_PAUSE, failed - 1);
        return new Trouble(
                failed,
                failure,
                nowNanos + pause.toNanos(),
                told && costsProcess && phase == EnvironmentPhase.LOADING,
                crashes);
    }

    /**
     * A ready worker died. One or two are replaced at once; more within a minute are the version's doing.
     *
     * @param why what it said of itself; null if nothing
     */
    public Trouble crashed(@Nullable WorkerFailure why, EnvironmentPhase phase, long nowNanos) {
        List<Long> recent = new ArrayList<>(crashes);
        recent.removeIf(at -> nowNanos - at > CRASH_WINDOW.toNanos());
        recent.add(nowNanos);
        if (recent.size() < CRASHES) {
            return new Trouble(tries, latest, holdUntilNanos, forGood, recent);
        }
        WorkerFailure loop = new WorkerFailure(
                Code.WORKER_DIED,
                recent.size() + " workers died within " + CRASH_WINDOW.toSeconds() + " s"
                        + (why == null ? "" : ", the last because " + why.message()));
        return new Trouble(
                TRIES, loop, nowNanos + CRASH_WINDOW.toNanos(), phase == EnvironmentPhase.LOADING, List.of());
    }

    /** A worker is ready: all is well, but crashes are not forgotten by it. */
    public Trouble proven() {
        return new Trouble(0, null, 0, false, crashes);
    }

    public boolean mayStart(long nowNanos) {
        return latest == null || (!forGood && nowNanos - holdUntilNanos >= 0);
    }

    /** The failure to tell others of: the version's own, or one that did not pass. */
    public Optional<WorkerFailure> told() {
        return Optional.ofNullable(latest).filter(failure -> !failure.code().mayPass() || tries >= TRIES);
    }

    /** For a caller who asks when to come back. */
    public Duration holdLeft(long nowNanos) {
        return forGood ? LONGEST_HOLD : Duration.ofNanos(Math.max(0, holdUntilNanos - nowNanos));
    }

    private static Duration growing(Duration first, int doublings) {
        Duration grown = first.multipliedBy(1L << Math.min(doublings, 10));
        return grown.compareTo(LONGEST_HOLD) < 0 ? grown : LONGEST_HOLD;
    }
}
