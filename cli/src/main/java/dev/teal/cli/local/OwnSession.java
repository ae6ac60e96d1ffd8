package dev.teal.cli.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A process apart from our terminal: Ctrl-C and a closed window reach the launcher alone, which stops things in order. */
final class OwnSession {
    private static final boolean HAS_SETSID = Arrays.stream(
                    System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "setsid")));

    private OwnSession() {}

    /** {@code setsid} replaces itself by the command, so the process started is the one meant. */
    static List<String> command(List<String> command) {
        return HAS_SETSID ? Stream.concat(Stream.of("setsid"), command.stream()).toList() : command;
    }
}
