package dev.teal.db;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What PostgreSQL calls a cluster: the files of one server, in one directory. */
final class Cluster {
    static final String SUPERUSER = "teal";
    private static final String MAJOR_VERSION = "18";

    private Cluster() {}

    /** Creates the cluster where there is none, whole or not at all: it is made beside its place and then renamed. */
    static void createIfAbsent(Path data, Path passwordFile, Programs programs)
            throws IOException, InterruptedException {
        Path version = data.resolve("PG_VERSION");
        if (Files.exists(version)) {
            requireOurs(data, Files.readString(version).strip());
            return;
        }
        requireAbsentOrEmpty(data);
        Path draft = Directories.emptied(data.resolveSibling(data.getFileName() + ".new"));
        programs.run(
                "initdb",
                List.of(
                        "--pgdata=" + draft,
                        "--username=" + SUPERUSER,
                        "--pwfile=" + passwordFile,
                        // never trust: any user of the machine reaches a port on loopback
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8"),
                "");
        Files.deleteIfExists(data);
        Files.move(draft, data, ATOMIC_MOVE);
    }

    /** Gives the superuser another password while no server runs, for a machine whose password file was lost. */
    static void setPassword(Path data, String password, Programs programs) throws IOException, InterruptedException {
        programs.run(
                "postgres",
                List.of("--single", "-D", data.toString(), "postgres"),
                "ALTER ROLE " + SUPERUSER + " PASSWORD '" + password + "'\n");
    }

    private static void requireOurs(Path data, String version) throws IOException {
        if (!version.equals(MAJOR_VERSION)) {
            throw new DatabaseUnavailable("The data in " + data + " is of PostgreSQL " + version + "; this Teal runs "
                    + MAJOR_VERSION + ". Choose another home directory, or dump and restore the data.");
        }
        Directories.owned(data); // PostgreSQL refuses a directory that others may enter
    }

    private static void requireAbsentOrEmpty(Path data) throws IOException {
        if (Files.notExists(data)) {
            return;
        }
        try (Stream<Path> content = Files.list(data)) {
            if (content.findAny().isPresent()) {
                throw new DatabaseUnavailable(
                        "The directory " + data + " holds something else than a PostgreSQL database. "
                                + "Move it away or choose another home directory.");
            }
        }
    }
}
