package dev.teal.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long to measure, and what.
 *
 * @param worker the jar, with {@code lib} and {@code prepared} beside it
 * @param log of all processes
 * @param quick for a look: short rounds after a short warm-up, when the compilers have not finished
 * @param recording where workers leave what they have spent their time on; empty: they do not record
 */
record Bench(Path worker, Path log, boolean quick, Optional<Path> recording) {
    int rounds() {
        return quick ? 3 : 5;
    }

    Duration round() {
        return Duration.ofSeconds(quick ? 1 : 4);
    }

    /** At saturation, on one core that compiles as well. */
    Duration warmUp() {
        return Duration.ofSeconds(quick ? 5 : 25);
    }

    Duration halfLoad() {
        return Duration.ofSeconds(quick ? 2 : 10);
    }

    long scaled(long count) {
        return quick ? count / 10 : count;
    }

    WorkerProcess start() throws IOException {
        return WorkerProcess.start(
                worker,
                log,
                recording
                        .map(file -> List.of("-XX:StartFlightRecording:settings=profile,filename=" + file))
                        .orElse(List.of()));
    }
}
