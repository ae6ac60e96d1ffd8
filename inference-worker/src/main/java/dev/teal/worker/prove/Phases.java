package dev.teal.worker.prove;

import dev.teal.protocol.worker.ColdStart;
import dev.teal.worker.run.Meters;
import java.util.LinkedHashMap;
import java.util.Map;

/** Times the phases of a start. The process's own start and the fetching are the fleet's to add: the worker did not see them. */
final class Phases {
    private final Map<String, Long> millis = new LinkedHashMap<>();
    private final long begun;
    private long phaseBegun = System.nanoTime();

    /** @param begun what the total is counted from */
    Phases(long begun) {
        this.begun = begun;
    }

    void end(String phase) {
        long now = System.nanoTime();
        millis.put(phase, millis(now - phaseBegun));
        phaseBegun = now;
    }

    private static long millis(long nanos) {
        return Math.round(nanos / 1e6);
    }

    ColdStart coldStart() {
        return new ColdStart(
                0, 0, of("verify"), of("load"), of("warm_up"), of("test"), millis(System.nanoTime() - begun));
    }

    private long of(String phase) {
        return millis.getOrDefault(phase, 0L);
    }

    void report(Meters meters) {
        millis.forEach(meters::started);
    }
}
