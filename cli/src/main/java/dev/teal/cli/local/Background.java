package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts a launcher as a process of its own and passes on what it says until everything is ready. */
final class Background {
    private static final long LOOK_MILLIS = 100;

    private Background() {}

    /** @throws Refused with the launcher's exit code if it gives up; it has said why by then */
    static LocalTeal start(Home home, Map<Port, Integer> asked, Terminal terminal)
            throws IOException, InterruptedException {
        home.create();
        Path log = home.log(LauncherState.FILE);
        long said = Files.exists(log) ? Files.size(log) : 0;
        boolean keyIsNew = Files.notExists(home.adminKey());
        Process launcher = launch(home, asked, log);
        Thread giveUp = new Thread(launcher::destroy);
        Runtime.getRuntime().addShutdownHook(giveUp); // Ctrl-C while we wait: not half a start in the background
        while (true) {
            boolean ended = !launcher.isAlive();
            Optional<LocalTeal> ready = LocalTeal.running(home);
            said = passOn(log, said, terminal);
            if (ready.isPresent()) {
                Runtime.getRuntime().removeShutdownHook(giveUp);
                ready.get().introduce(terminal, keyIsNew);
                return ready.get();
            }
            if (ended) {
                throw new Refused(launcher.exitValue(), "Teal did not start. All that was said is in " + log);
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private static Process launch(Home home, Map<Port, Integer> asked, Path log) throws IOException {
        Installation installation = Installation.ofThisProgram();
        List<String> command = new ArrayList<>(List.of(
                installation.java().toString(),
                "-Dteal.root=" + installation.root(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.teal.cli.Teal",
                "up",
                "--supervise",
                "--home",
                home.directory().toString()));
        command.addAll(PortOptions.flags(asked));
        return new ProcessBuilder(OwnSession.command(command))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Whole lines that were added since. @return where the next begin */
    private static long passOn(Path log, long from, Terminal terminal) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] added = new byte[(int) Math.max(0, file.length() - from)];
            file.seek(from);
            file.readFully(added);
            int whole = added.length;
            while (whole > 0 && added[whole - 1] != '\n') {
                whole--;
            }
            new String(added, 0, whole, StandardCharsets.UTF_8).lines().forEach(line -> terminal.say("%s", line));
            return from + whole;
        }
    }
}
