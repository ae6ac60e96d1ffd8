package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code teal down}. */
@Command(
        name = "down",
        description =
                "Stops everything, workers too, whoever started it. All data stays. Does nothing where nothing runs.")
public final class DownCommand implements Callable<Integer> {
    /** Four parts, each with its grace. */
    private static final Duration LAUNCHER_LIMIT = Duration.ofSeconds(150);

    @Mixin
    private final HomeOption homeOption = new HomeOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = homeOption.home();
        Terminal terminal = Terminal.standard();
        if (Files.notExists(home.run())) {
            terminal.say("No Teal runs in %s", home.directory());
            return 0;
        }
        long start = System.nanoTime();
        RunRecords records = new RunRecords(home.run());
        boolean launcherRan = stopLauncher(records, terminal);
        boolean anyLeft = stopParts(home, records, terminal);
        int workers = LeftWorkers.stop(home);
        if (workers > 0) {
            terminal.say("  %-14s stopped, %d left by their fleet", "workers", workers);
        }
        if (launcherRan || anyLeft || workers > 0) {
            terminal.say("Teal is down; all data stays in %s  %s", home.directory(), Terminal.since(start));
        } else {
            terminal.say("No Teal runs in %s", home.directory());
        }
        return 0;
    }

    /** It stops its parts in order; we wait, and clean up after it if it cannot. */
    private static boolean stopLauncher(RunRecords records, Terminal terminal)
            throws IOException, InterruptedException {
        Optional<ProcessHandle> launcher = records.read(LauncherState.FILE, LauncherState.class)
                .flatMap(state -> state.process().find());
        if (launcher.isPresent()) {
            terminal.say("Stopping Teal");
            launcher.get().destroy();
            Ending.await(launcher.get(), LAUNCHER_LIMIT);
            records.remove(LauncherState.FILE);
        }
        return launcher.isPresent();
    }

    private static boolean stopParts(Home home, RunRecords records, Terminal terminal)
            throws IOException, InterruptedException {
        Map<Port, Integer> ports = new EnumMap<>(Port.class);
        records.read("fleet").ifPresent(fleet -> ports.put(Port.FLEET, fleet.port()));
        List<List<Part>> stages;
        try {
            stages = Installation.ofThisProgram().stages(home, new Ports(ports), terminal);
        } catch (Refused e) {
            return false; // nothing is built, so nothing of this tree runs
        }
        boolean any = false;
        for (Part part : Installation.stopOrder(stages)) {
            any |= Stopping.stop(part, records, terminal);
        }
        return any;
    }
}
