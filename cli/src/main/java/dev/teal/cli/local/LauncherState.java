package dev.teal.cli.local;

import java.time.Instant;
import java.util.Map;

/** The launcher that supervises a home, as it tells others: {@code run/launcher.json}. */
record LauncherState(long pid, Instant startedAt, Phase phase, Map<Port, Integer> ports) {
    static final String FILE = "launcher";

    enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    LauncherState {
        ports = Map.copyOf(ports);
    }

    ProcessId process() {
        return new ProcessId(pid, startedAt);
    }

    LauncherState in(Phase next) {
        return new LauncherState(pid, startedAt, next, ports);
    }
}
