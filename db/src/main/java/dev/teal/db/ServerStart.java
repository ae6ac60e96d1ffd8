package dev.teal.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One start of a server: find it running, or make room for it and start it, until it answers with our password. */
final class ServerStart {
    private static final String DATABASE = "teal";
    /** Recovery after a crash under load may take a while; a server that has exited is noticed at once. */
    private static final Duration READY_LIMIT = Duration.ofSeconds(120);

    private static final int FREE_PORT_TRIES = 5;
    private static final int LOG_TAIL_LINES = 15;
    private static final String INVALID_PASSWORD = "28P01";

    /** Small, for one machine that also runs everything else; 40 connections are two pools of 10 and room for people. */
    private static final List<String> MODEST = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=40",
            "shared_buffers=64MB",
            "max_wal_size=256MB",
            "io_method=sync",
            "jit=off",
            "max_parallel_workers_per_gather=0",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_line_prefix=%m [%p] ");

    /** Seconds: a frozen server still accepts connections, and never speaks. */
    private static final String IMPATIENT = "?connectTimeout=5&loginTimeout=10&socketTimeout=30";

    private final Path data;
    private final Path passwordFile;
    private final Path log;
    private final List<String> settings;

    ServerStart(Path data, Path passwordFile, Path log, List<String> settings) {
        this.data = data;
        this.passwordFile = passwordFile;
        this.log = log;
        this.settings = settings;
    }

    EmbeddedDatabase on(int port) throws IOException, InterruptedException {
        boolean passwordLost = Files.notExists(passwordFile) && Files.exists(data.resolve("PG_VERSION"));
        String password = PasswordFile.readOrCreate(passwordFile);
        Optional<Postmaster> running = Postmaster.of(data);
        if (running.isPresent()) {
            if (!passwordLost
                    && (port == EmbeddedDatabase.ANY_PORT || running.get().port() == port)) {
                try {
                    return answering(running.get().process(), password);
                } catch (DatabaseUnavailable e) {
                    // It runs but does not answer (frozen, or shutting down): only a new one helps.
                }
            }
            running.get().stop();
        }
        Programs programs = new Programs(PostgresBinaries.unpacked());
        Cluster.createIfAbsent(data, passwordFile, programs);
        Postmaster.clearRemains(data);
        if (passwordLost) {
            Cluster.setPassword(data, password, programs);
        }
        return port == EmbeddedDatabase.ANY_PORT ? onFreePort(programs, password) : launch(programs, port, password);
    }

    private EmbeddedDatabase onFreePort(Programs programs, String password) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return launch(programs, freePort(), password);
            } catch (DatabaseUnavailable e) {
                // Somebody else may have taken the port between our look and the server's.
                if (attempt == FREE_PORT_TRIES
                        || !String.valueOf(e.getMessage()).contains("Address already in use")) {
                    throw e;
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private EmbeddedDatabase launch(Programs programs, int port, String password)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-D", data.toString(), "-p", String.valueOf(port)));
        for (List<String> group : List.of(MODEST, settings)) {
            group.forEach(setting -> arguments.addAll(List.of("-c", setting)));
        }
        Files.createDirectories(log.resolveSibling(""));
        ProcessHandle started = programs.detached(arguments, log).toHandle();
        try {
            return answering(started, password);
        } catch (DatabaseUnavailable e) {
            EmbeddedDatabase.stop(data); // what nobody can use is not left running
            throw e;
        }
    }

    private EmbeddedDatabase answering(ProcessHandle process, String password)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < READY_LIMIT.toNanos()) {
            Optional<Postmaster> running = Postmaster.of(data);
            if (running.isPresent() && running.get().ready()) {
                return opened(running.get(), password);
            }
            if (!process.isAlive()) {
                throw new DatabaseUnavailable("The database did not start. The end of " + log + ":\n" + logTail());
            }
            Thread.sleep(25);
        }
        throw new DatabaseUnavailable("The database was not ready after " + READY_LIMIT.toSeconds() + " s. The end of "
                + log + ":\n" + logTail());
    }

    private EmbeddedDatabase opened(Postmaster running, String password) {
        String server = "jdbc:postgresql://127.0.0.1:" + running.port() + "/";
        try (Connection connection =
                        DriverManager.getConnection(server + "postgres" + IMPATIENT, Cluster.SUPERUSER, password);
                Statement statement = connection.createStatement()) {
            try (ResultSet found =
                    statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                if (found.next()) {
                    return database(running, server, password);
                }
            }
            statement.execute("create database " + DATABASE);
            return database(running, server, password);
        } catch (SQLException e) {
            if (INVALID_PASSWORD.equals(e.getSQLState())) {
                throw new DatabaseUnavailable(
                        "The password in " + passwordFile + " is not this database's. "
                                + "Remove the file while Teal is down: a new password is set at the next start.",
                        e);
            }
            throw new DatabaseUnavailable("The database runs but does not answer: " + e.getMessage(), e);
        }
    }

    private EmbeddedDatabase database(Postmaster running, String server, String password) {
        return new EmbeddedDatabase(
                data,
                server + DATABASE,
                Cluster.SUPERUSER,
                password,
                running.port(),
                running.process().pid());
    }

    private String logTail() throws IOException {
        if (Files.notExists(log)) {
            return "(empty)";
        }
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    }
}
