package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code teal logs}. */
@Command(
        name = "logs",
        description =
                "Shows the end of the logs: JSON lines of the programs, plain text of PostgreSQL, the launcher and the build.")
public final class LogsCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 200;

    @Mixin
    private final HomeOption homeOption = new HomeOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "PART",
            description = "gateway, fleet, platform-api, postgres, launcher or build (default: all).")
    private @Nullable String part;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "20",
            description = "Lines of each (default: 20).")
    private int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is added, until Ctrl-C.")
    private boolean follow;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = homeOption.home();
        Terminal terminal = Terminal.standard();
        Map<Path, Long> shown = new LinkedHashMap<>();
        for (Path log : logs(home)) {
            shown.put(log, Files.size(log));
            LogTail.read(log, lines).forEach(line -> terminal.say("%s%s", prefix(log), line));
        }
        while (follow) {
            Thread.sleep(LOOK_MILLIS);
            for (Map.Entry<Path, Long> log : shown.entrySet()) {
                log.setValue(showAdded(log.getKey(), log.getValue(), terminal));
            }
        }
        return 0;
    }

    private List<Path> logs(Home home) throws IOException {
        if (Files.notExists(home.logs())) {
            throw new Refused(Refused.NOT_RUNNING, "No Teal has run in " + home.directory());
        }
        if (part != null) {
            Path log = home.log(part);
            if (!part.matches("[a-z-]+") || Files.notExists(log)) {
                throw new Refused(Refused.USAGE, "There is no log of '" + part + "'; there are: " + names(home));
            }
            return List.of(log);
        }
        try (Stream<Path> all = Files.list(home.logs())) {
            return all.filter(log -> log.toString().endsWith(".log")).sorted().toList();
        }
    }

    private static List<String> names(Home home) throws IOException {
        try (Stream<Path> all = Files.list(home.logs())) {
            return all.map(LogsCommand::name).sorted().toList();
        }
    }

    /** The part's name in front of each line, where lines of several are mixed. */
    private String prefix(Path log) {
        return part != null ? "" : "%-13s| ".formatted(name(log));
    }

    private static String name(Path log) {
        return String.valueOf(log.getFileName()).replaceFirst("\\.log$", "");
    }

    private long showAdded(Path log, long from, Terminal terminal) throws IOException {
        long length = Files.exists(log) ? Files.size(log) : 0;
        if (length <= from) {
            return length; // nothing new, or a new file: from its beginning then
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] added = new byte[(int) Math.min(length - from, 1 << 20)];
            file.seek(from);
            file.readFully(added);
            int whole = added.length;
            while (whole > 0 && added[whole - 1] != '\n') {
                whole--;
            }
            new String(added, 0, whole, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> terminal.say("%s%s", prefix(log), line));
            return from + whole;
        }
    }
}
