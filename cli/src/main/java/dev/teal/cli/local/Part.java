package dev.teal.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One part of Teal as a process: how it starts, when it is ready, how it stops. */
interface Part {
    String name();

    int port();

    /** 0 where there is none. */
    int managementPort();

    Path log();

    /** Changes when what would be started is no longer what runs: another setting, another build. */
    String fingerprint();

    /** From the start of the process until it must be ready. */
    Duration startLimit();

    /** A process of this part and home that no record tells of: its launcher was killed before it could write one. */
    Optional<ProcessHandle> unrecorded() throws IOException;

    /** Starts the process; it outlives this one. */
    ProcessHandle start() throws IOException, InterruptedException;

    boolean isReady() throws InterruptedException;

    /** Asks, waits, and in the end makes sure. */
    void stop(ProcessHandle process) throws IOException, InterruptedException;
}
