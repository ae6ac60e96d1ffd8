package dev.teal.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The directory that holds all that a Teal of one machine keeps: remove it, and it never was. */
public record Home(Path directory) {
    public Home {
        directory = directory.toAbsolutePath().normalize();
    }

    /** Creates what is missing. Private throughout: who reads a key or a socket here can do what the platform can. */
    void create() throws IOException {
        for (Path path : List.of(directory, secrets(), logs(), run(), artifacts(), gatewayState(), fleetState())) {
            Files.createDirectories(path);
        }
        for (Path path : List.of(directory, secrets(), logs(), run(), artifacts())) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
    }

    Path postgres() {
        return directory.resolve("postgres");
    }

    Path artifacts() {
        return directory.resolve("artifacts");
    }

    Path gatewayState() {
        return directory.resolve("cells/local/gateway");
    }

    Path fleetState() {
        return directory.resolve("cells/local/fleet");
    }

    Path secrets() {
        return directory.resolve("secrets");
    }

    public Path adminKey() {
        return secrets().resolve("admin.key");
    }

    Path cellKey() {
        return secrets().resolve("cell.key");
    }

    Path postgresPassword() {
        return secrets().resolve("postgres.password");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    public Path log(String part) {
        return logs().resolve(part + ".log");
    }

    Path run() {
        return directory.resolve("run");
    }
}
