package dev.teal.cli.local;

import dev.teal.db.DatabaseUnavailable;
import dev.teal.db.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The embedded PostgreSQL. It knows by itself what runs on its data, recorded or not. */
record Database(Home home, int port) implements Part {
    static final String NAME = "postgres";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int managementPort() {
        return 0;
    }

    @Override
    public Path log() {
        return home.log(NAME);
    }

    @Override
    public String fingerprint() {
        return "port " + port;
    }

    @Override
    public Duration startLimit() {
        return Duration.ofSeconds(120);
    }

    @Override
    public Optional<ProcessHandle> unrecorded() {
        return Optional.empty();
    }

    @Override
    public ProcessHandle start() throws IOException {
        try {
            EmbeddedDatabase started = EmbeddedDatabase.start(home.postgres(), home.postgresPassword(), log(), port);
            return ProcessHandle.of(started.pid())
                    .orElseThrow(() -> new IOException("the database ended right after its start"));
        } catch (DatabaseUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** A start returns when it answers. */
    @Override
    public boolean isReady() {
        return !Ports.isFree(port);
    }

    @Override
    public void stop(ProcessHandle process) {
        EmbeddedDatabase.stop(home.postgres());
    }
}
