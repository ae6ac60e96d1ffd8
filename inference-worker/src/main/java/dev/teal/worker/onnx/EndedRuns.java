package dev.teal.worker.onnx;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Runs that were told to end and still go on. Of the whole process, since a run that does not end is lost with its process alone. */
public final class EndedRuns {
    private static volatile boolean ever;
    private static final Map<RunControl, Long> TOLD = new ConcurrentHashMap<>();

    private EndedRuns() {}

    static void told(RunControl run) {
        ever = true;
        TOLD.putIfAbsent(run, System.nanoTime());
    }

    static void over(RunControl run) {
        TOLD.remove(run);
    }

    /** Whether a run was ever told to end while it went on: what it left undone nobody knows. */
    public static boolean ever() {
        return ever;
    }

    /** Since when the one that goes on for longest was told, as {@link System#nanoTime()}. */
    public static OptionalLong oldestNanos() {
        return TOLD.isEmpty()
                ? OptionalLong.empty()
                : TOLD.values().stream().mapToLong(Long::longValue).min();
    }
}
