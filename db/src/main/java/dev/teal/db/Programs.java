package dev.teal.db;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs PostgreSQL's programs, as whoever we are. */
final class Programs {
    private static final long LIMIT_SECONDS = 120;

    private final Path home;

    Programs(Path home) {
        this.home = home;
    }

    /**
     * The command line of a program. PostgreSQL refuses to run as root, so root runs it in a user namespace of its own, where it is nobody
     * and yet owns root's files.
     */
    List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("unshare", "--user", "--"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    /** Starts the server apart from our terminal: Ctrl-C there must reach the launcher alone, which stops things in order. */
    Process detached(List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        if (onPath("setsid")) {
            command.add("setsid");
        }
        command.addAll(command("postgres", arguments));
        return builder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Runs a program to its end. @throws DatabaseUnavailable with what it printed, if it fails */
    void run(String program, List<String> arguments, String input) throws IOException, InterruptedException {
        Path output = Files.createTempFile("teal-" + program, ".log");
        try {
            Process process = builder(command(program, arguments))
                    .redirectOutput(output.toFile())
                    .start();
            try (var stdin = process.outputWriter()) {
                stdin.write(input);
            } catch (IOException e) {
                // It ended without reading; its exit code tells.
            }
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new DatabaseUnavailable(program + " did not end within " + LIMIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new DatabaseUnavailable(program + " failed" + hint() + ":\n"
                        + Files.readString(output).strip());
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static String hint() {
        return isRoot()
                ? " (run by root in a user namespace: where `unshare --user true` is not allowed, run Teal as a normal user)"
                : "";
    }

    /** Variables of the caller that would change what the programs do are taken away. */
    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
