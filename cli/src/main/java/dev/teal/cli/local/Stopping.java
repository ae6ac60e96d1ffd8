package dev.teal.cli.local;

import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.util.Optional;

/** Stops a part by what the records and the process table know of it. */
final class Stopping {
    private Stopping() {}

    static Optional<ProcessHandle> find(Part part, RunRecords records) throws IOException {
        Optional<ProcessHandle> recorded =
                records.read(part.name()).flatMap(found -> found.process().find());
        return recorded.isPresent() ? recorded : part.unrecorded();
    }

    /** A part that fails to stop must not keep the others from it: said, and on. @return whether one ran */
    static boolean stop(Part part, RunRecords records, Terminal terminal) throws InterruptedException {
        try {
            Optional<ProcessHandle> running = find(part, records);
            if (running.isPresent()) {
                long start = System.nanoTime();
                part.stop(running.get());
                terminal.say("  %-14s stopped  %s", part.name(), Terminal.since(start));
            }
            records.remove(part.name());
            return running.isPresent();
        } catch (IOException | RuntimeException e) {
            terminal.say("  %-14s could not be stopped: %s", part.name(), e.getMessage());
            return true;
        }
    }
}
