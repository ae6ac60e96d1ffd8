package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code teal up}. */
@Command(
        name = "up",
        description = {
            "Starts PostgreSQL, platform-api, gateway and fleet, watches over them, and stops all of it at Ctrl-C.",
            "All data is kept under the home directory: a second start finds everything as it was."
        })
public final class UpCommand implements Callable<Integer> {
    /** A first start on a busy machine; the launcher itself gives up earlier where something is wrong. */
    private static final Duration OTHER_LAUNCHER_LIMIT = Duration.ofMinutes(5);

    @Mixin
    private final HomeOption homeOption = new HomeOption();

    @Mixin
    private final PortOptions portOptions = new PortOptions();

    @Option(
            names = {"-d", "--detach"},
            description = "Return when everything is ready and leave it running.")
    private boolean detach;

    @Option(names = "--supervise", hidden = true, description = "Be the launcher of a detached Teal.")
    private boolean supervise;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = homeOption.home();
        Map<Port, Integer> asked = portOptions.asked();
        Terminal terminal = Terminal.standard();
        Optional<LauncherState> other = otherLauncher(home);
        if (other.isPresent() && !supervise) {
            awaitOther(home, asked, other.get(), terminal);
            return 0;
        }
        if (detach) {
            Background.start(home, asked, terminal);
            terminal.say("Teal runs in the background: ./teal status, ./teal logs, ./teal down");
            return 0;
        }
        return foreground(home, asked, terminal);
    }

    private int foreground(Home home, Map<Port, Integer> asked, Terminal terminal)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        boolean keyIsNew = Files.notExists(home.adminKey());
        terminal.say("Starting Teal in %s", home.directory());
        Launcher launcher = new Launcher(home, Installation.ofThisProgram()::stages, asked, terminal);
        boolean first = launcher.run(ports -> {
            terminal.say("Ready after %s", Terminal.since(start));
            if (!supervise) {
                LocalTeal.of(home, ports).introduce(terminal, keyIsNew);
                terminal.say("Ctrl-C stops all of it.");
            }
        });
        if (!first) {
            throw new Refused(Refused.FAILED, "Another launcher has just taken " + home.directory() + "; try again.");
        }
        return 0;
    }

    private static Optional<LauncherState> otherLauncher(Home home) throws IOException {
        return new RunRecords(home.run())
                .read(LauncherState.FILE, LauncherState.class)
                .filter(state -> state.process().find().isPresent());
    }

    private static void awaitOther(Home home, Map<Port, Integer> asked, LauncherState other, Terminal terminal)
            throws IOException, InterruptedException {
        asked.forEach((port, number) -> {
            if (!number.equals(other.ports().get(port))) {
                throw new Refused(
                        Refused.USAGE,
                        "Teal runs already, with port %d for %s. Stop it first: ./teal down"
                                .formatted(other.ports().get(port), port.purpose()));
            }
        });
        terminal.say("Teal runs already in %s (launcher pid %d).", home.directory(), other.pid());
        RunRecords records = new RunRecords(home.run());
        long start = System.nanoTime();
        while (!allThere(home, records)) {
            if (otherLauncher(home).isEmpty() || System.nanoTime() - start > OTHER_LAUNCHER_LIMIT.toNanos()) {
                throw new Refused(
                        Refused.FAILED, "It did not become ready. See ./teal status and ./teal logs launcher");
            }
            Thread.sleep(200);
        }
        LocalTeal.of(home, new Ports(other.ports())).introduce(terminal, false);
    }

    /** Its launcher starts again what has died; a second {@code up} has only to wait for that. */
    private static boolean allThere(Home home, RunRecords records) throws IOException, InterruptedException {
        return LocalTeal.running(home).isPresent()
                && PartStatus.all(records).stream().allMatch(part -> part.state() == PartStatus.State.UP);
    }
}
