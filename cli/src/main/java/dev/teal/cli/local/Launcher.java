package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Runs a home: one launcher at a time, from the choice of ports to the end of the last process. */
final class Launcher {
    private final Home home;
    private final Parts parts;
    private final Map<Port, Integer> asked;
    private final Terminal terminal;
    private final RunRecords records;
    private final CountDownLatch untilTheEnd = new CountDownLatch(1); // never comes: the process ends from its hook
    private volatile boolean ending;

    Launcher(Home home, Parts parts, Map<Port, Integer> asked, Terminal terminal) {
        this.home = home;
        this.parts = parts;
        this.asked = Map.copyOf(asked);
        this.terminal = terminal;
        this.records = new RunRecords(home.run());
    }

    /** What a home consists of, see {@link Installation#stages}. */
    interface Parts {
        List<List<Part>> in(Home home, Ports ports, Terminal terminal);
    }

    /** Told once, when everything is ready. */
    interface Ready {
        void with(Ports ports) throws IOException;
    }

    /**
     * Brings everything up and stays until told to end by a signal.
     *
     * @return false if another launcher runs this home already
     */
    boolean run(Ready ready) throws IOException, InterruptedException {
        home.create();
        try (FileChannel channel = FileChannel.open(
                        home.run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
            Ports ports = Ports.choose(asked, lastPorts(), this::isFreeForUs, terminal::say);
            Secrets.readOrCreate(home.cellKey());
            List<List<Part>> stages = parts.in(home, ports, terminal);
            supervise(stages, ports, ready);
            return true;
        }
    }

    private void supervise(List<List<Part>> stages, Ports ports, Ready ready) throws IOException, InterruptedException {
        ProcessId us = ProcessId.of(ProcessHandle.current());
        LauncherState state =
                new LauncherState(us.pid(), us.startedAt(), LauncherState.Phase.STARTING, ports.byPurpose());
        records.write(LauncherState.FILE, state);
        Supervisor supervisor = new Supervisor(stages, Installation.stopOrder(stages), records, terminal);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(supervisor, state), "ending"));
        try {
            supervisor.start();
        } catch (Refused e) {
            if (ending) {
                untilTheEnd.await(); // by a signal: that thread says what there is to say
            }
            throw e;
        }
        records.write(LauncherState.FILE, state.in(LauncherState.Phase.READY));
        ready.with(ports);
        untilTheEnd.await();
    }

    /** Runs however this process ends, by a signal or by itself; only {@code kill -9} leaves the parts to the next launcher. */
    private void end(Supervisor supervisor, LauncherState state) {
        ending = true;
        long start = System.nanoTime();
        terminal.say("Stopping Teal");
        try {
            records.write(LauncherState.FILE, state.in(LauncherState.Phase.STOPPING));
            supervisor.stop();
            int left = LeftWorkers.stop(home);
            if (left > 0) {
                terminal.say("  %-14s stopped, %d left by their fleet", "workers", left);
            }
            records.remove(LauncherState.FILE);
            terminal.say("Teal is down; all data stays in %s  %s", home.directory(), Terminal.since(start));
        } catch (IOException e) {
            terminal.say("Stopping: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<Port, Integer> lastPorts() throws IOException {
        for (String part : Installation.PARTS) {
            if (records.running(part).isPresent()) {
                return records.read(LauncherState.FILE, LauncherState.class)
                        .map(LauncherState::ports)
                        .orElse(Map.of());
            }
        }
        return Map.of();
    }

    private boolean isFreeForUs(int port) {
        return Ports.isFree(port)
                || PortHolder.find(port).filter(this::isOfThisHome).isPresent();
    }

    /** Every process that we start has a path of its home among its arguments. */
    private boolean isOfThisHome(ProcessHandle process) {
        String path = home.directory().toString();
        return process.info().arguments().stream()
                .flatMap(Arrays::stream)
                .anyMatch(argument -> argument.contains(path));
    }
}
