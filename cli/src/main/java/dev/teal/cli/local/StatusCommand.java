package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import dev.teal.protocol.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code teal status}. */
@Command(name = "status", description = "Shows which parts run. Exit code 0: all are up; 3: something is down.")
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final HomeOption homeOption = new HomeOption();

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    private final InstantSource clock = InstantSource.system();

    /**
     * What {@code --json} prints.
     *
     * @param launcherPid of the launcher that starts again what dies; null where none watches
     */
    record Report(String home, @Nullable Long launcherPid, List<PartStatus> parts) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = homeOption.home();
        RunRecords records = new RunRecords(home.run());
        List<PartStatus> parts = PartStatus.all(records);
        Optional<LauncherState> launcher = records.read(LauncherState.FILE, LauncherState.class)
                .filter(state -> state.process().find().isPresent());
        Terminal terminal = Terminal.standard();
        if (json) {
            terminal.say(
                    "%s",
                    Json.MAPPER.writeValueAsString(new Report(
                            home.directory().toString(),
                            launcher.map(LauncherState::pid).orElse(null),
                            parts)));
        } else {
            show(parts, terminal);
            terminal.say(
                    "%s",
                    launcher.map(state -> "watched by the launcher, pid " + state.pid())
                            .orElse("no launcher watches; ./teal up starts what is missing"));
        }
        return parts.stream().allMatch(part -> part.state() == PartStatus.State.UP) ? 0 : Refused.NOT_RUNNING;
    }

    private void show(List<PartStatus> parts, Terminal terminal) {
        terminal.say("%-14s %-10s %7s %7s  %s", "PART", "STATE", "PORT", "PID", "UP FOR");
        for (PartStatus part : parts) {
            terminal.say(
                    "%-14s %-10s %7s %7s  %s",
                    part.part(),
                    part.state().name().toLowerCase(Locale.ROOT),
                    part.port() == 0 ? "-" : part.port(),
                    part.pid() == null ? "-" : part.pid(),
                    part.startedAt() == null
                            ? "-"
                            : Terminal.spell(Duration.between(part.startedAt(), clock.instant())));
        }
    }
}
