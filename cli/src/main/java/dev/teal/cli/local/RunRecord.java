package dev.teal.cli.local;

import java.time.Instant;

/**
 * Who runs: one file a part in {@code run/}.
 *
 * @param fingerprint of what was started (command and program file): another one means that it must be started again
 * @param port that users or other parts call; {@code managementPort} 0 where there is none
 */
record RunRecord(String part, long pid, Instant startedAt, int port, int managementPort, String fingerprint) {
    ProcessId process() {
        return new ProcessId(pid, startedAt);
    }
}
