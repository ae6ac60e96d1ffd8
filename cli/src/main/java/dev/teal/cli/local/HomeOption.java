package dev.teal.cli.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Teal of this machine a command means. */
public final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:TEAL_HOME}",
            description = "Where this Teal keeps everything (default: .teal beside ./teal; TEAL_HOME).")
    private @Nullable Path directory;

    public Home home() {
        return new Home(
                directory != null
                        ? directory
                        : Installation.ofThisProgram().root().resolve(".teal"));
    }
}
