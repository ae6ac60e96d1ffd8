package dev.teal.cli.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for processes to end, and ends them in the end. */
final class Ending {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 50;

    private Ending() {}

    /** A process that was asked to end: waits, then kills it. */
    static void await(ProcessHandle process) throws InterruptedException {
        await(process, GRACE);
    }

    static void await(ProcessHandle process, Duration grace) throws InterruptedException {
        if (!within(grace, () -> !ProcessId.runs(process))) {
            process.destroyForcibly();
            within(AFTER_KILL, () -> !ProcessId.runs(process));
        }
    }

    static boolean within(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }
}
