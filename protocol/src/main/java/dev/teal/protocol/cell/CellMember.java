package dev.teal.protocol.cell;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * A gateway's or fleet's tie to the control plane, on two threads of its own: one follows the state document (poll, check, write to disk,
 * swap one reference, tell the listeners), one reports about once a second and at once when {@link #reportNow() nudged}. While the control
 * plane is away the state in force stays and both threads go on trying.
 */
public final class CellMember implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CellMember.class);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(1);
    private static final long FIRST_BACK_OFF_MILLIS = 100;
    private static final long LONGEST_BACK_OFF_MILLIS = 2_000;
    private static final long EMPTY_PAUSE_MILLIS = 200;

    private final String id;
    private final ControlPlane controlPlane;
    private final StateFile file;
    private final ReportSource reports;
    private final RandomGenerator random;
    private final List<Consumer<CellState>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong sequence = new AtomicLong();
    private final Semaphore nudge = new Semaphore(0);
    private volatile CellState state;
    private volatile boolean reached;
    private volatile boolean closed;
    private final Thread follower;
    private final Thread reporter;

    /** Builds a report of the state in force; called on the reporting thread. */
    public interface ReportSource {
        MemberReport report(long sequence, CellState state);
    }

    public CellMember(
            String id,
            String region,
            ControlPlane controlPlane,
            StateFile file,
            ReportSource reports,
            RandomGenerator random) {
        this.id = id;
        this.controlPlane = controlPlane;
        this.file = file;
        this.reports = reports;
        this.random = random;
        this.state = file.load(region);
        this.follower = Thread.ofPlatform().daemon().name("cell-state").unstarted(this::follow);
        this.reporter = Thread.ofPlatform().daemon().name("cell-report").unstarted(this::report);
    }

    /** Told of each new state after it is on disk and in force, and once of the state from disk, on the calling thread. */
    public void listen(Consumer<CellState> listener) {
        listeners.add(listener);
        listener.accept(state);
    }

    public void start() {
        follower.start();
        reporter.start();
    }

    public CellState state() {
        return state;
    }

    /** Whether the last poll of the control plane was answered, and what it brought is in force. */
    public boolean controlPlaneReached() {
        return reached;
    }

    /** Something that the control plane waits for has changed: report without waiting for the second to end. */
    public void reportNow() {
        nudge.release();
    }

    private void follow() {
        BackOff backOff = new BackOff(FIRST_BACK_OFF_MILLIS, LONGEST_BACK_OFF_MILLIS);
        long after = state.revision();
        while (!closed) {
            try {
                adopt(controlPlane.state(after));
                reached = true;
                backOff.reset();
                after = state.revision();
                // A poll at 0 asks for the whole and is answered at once, also while there is nothing yet
                if (after == 0 && !pause(EMPTY_PAUSE_MILLIS)) {
                    return;
                }
            } catch (StateGap gap) {
                log.atInfo().addKeyValue("reason", gap.getMessage()).log("Asking for the whole state document");
                if (after == 0 && !pause(LONGEST_BACK_OFF_MILLIS)) {
                    return;
                }
                after = 0;
            } catch (InterruptedException e) {
                return;
            } catch (IOException | JacksonException | IllegalArgumentException e) {
                if (reached) {
                    log.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("Control plane is away, the state in force stays");
                }
                reached = false;
                if (!pause(backOff.nextMillis())) {
                    return;
                }
            }
        }
    }

    private void adopt(StateUpdate update) throws StateGap, IOException {
        CellState next = state.apply(update);
        if (next == state || next.revision() == 0) {
            return;
        }
        file.save(next);
        state = next;
        for (Consumer<CellState> listener : listeners) {
            listener.accept(next);
        }
        reportNow();
    }

    private void report() {
        while (!closed) {
            try {
                controlPlane.report(id, reports.report(sequence.incrementAndGet(), state));
                nudge.tryAcquire(REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                nudge.drainPermits();
            } catch (InterruptedException e) {
                return;
            } catch (IOException | JacksonException e) {
                log.atDebug().addKeyValue("reason", e.getMessage()).log("Report not delivered");
                if (!pause(FIRST_BACK_OFF_MILLIS * 5)) {
                    return;
                }
            }
        }
    }

    /** @return false when interrupted */
    private boolean pause(long millis) {
        return BackOff.sleep(millis, random);
    }

    @Override
    public void close() {
        closed = true;
        follower.interrupt();
        reporter.interrupt();
    }
}
