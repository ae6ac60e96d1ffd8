package dev.teal.cli.demo;

import dev.teal.cli.terminal.Terminal;
import java.time.Duration;
import java.util.Locale;

/** A line a second of what the clients see. */
final class LiveTable {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Load load;
    private final Terminal terminal;
    private final long start = System.nanoTime();
    private final Thread printer;

    LiveTable(Load load, Terminal terminal) {
        this.load = load;
        this.terminal = terminal;
        terminal.say("");
        terminal.say(
                "  %6s  %-10s %-7s %-10s %8s %7s %9s %9s",
                "TIME", "COLOR", "VERSION", "GENERATION", "REQUESTS", "FAILED", "P50", "P99");
        this.printer = Thread.ofVirtual().name("live-table").start(this::print);
    }

    private void print() {
        try {
            while (true) {
                Thread.sleep(TICK);
                line(load.takeWindow());
            }
        } catch (InterruptedException e) {
            line(load.takeWindow()); // the last part of a second
        }
    }

    private void line(Tally tally) {
        terminal.say(
                "  %4d s  %-10s %-7s %-10s %8d %7d %9s %9s",
                Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                tally.colors(),
                tally.versionsText(),
                tally.generations(),
                tally.requests(),
                tally.failures(),
                millis(tally.latency(0.5)),
                millis(tally.latency(0.99)));
    }

    static String millis(Duration latency) {
        return latency.isZero() ? "-" : String.format(Locale.ROOT, "%.1f ms", latency.toNanos() / 1e6);
    }

    void stop() throws InterruptedException {
        printer.interrupt();
        printer.join();
    }
}
