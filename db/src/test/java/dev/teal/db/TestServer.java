package dev.teal.db;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The server behind {@link TestDatabase}. */
record TestServer(String kind, String address, String user, String password) {
    private static final String IMAGE = "postgres:18";
    /** Tests need no durability, and Spring contexts that live side by side have a pool each. */
    private static final List<String> FAST =
            List.of("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=300");

    static TestServer start() {
        return dockerAnswers() ? container() : embedded();
    }

    TestDatabase database(String name) {
        return new TestDatabase("jdbc:postgresql://" + address + "/" + name, user, password);
    }

    /** Also false in a module that uses this fixture without Testcontainers on its class path. */
    static boolean dockerAnswers() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (NoClassDefFoundError e) {
            return false;
        }
    }

    /** Testcontainers' own reaper removes it after this JVM. */
    @SuppressWarnings("resource")
    static TestServer container() {
        var postgres = new PostgreSQLContainer(IMAGE);
        postgres.setCommand(command());
        postgres.start();
        return new TestServer(
                "container",
                postgres.getHost() + ":" + postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                postgres.getUsername(),
                postgres.getPassword());
    }

    private static String[] command() {
        return Stream.concat(Stream.of("postgres"), FAST.stream().flatMap(setting -> Stream.of("-c", setting)))
                .toArray(String[]::new);
    }

    static TestServer embedded() {
        try {
            Path home = Files.createTempDirectory("teal-test-database");
            Path data = home.resolve("data");
            EmbeddedDatabase database = EmbeddedDatabase.start(
                    data, home.resolve("password"), home.resolve("log"), EmbeddedDatabase.ANY_PORT, FAST);
            stopWithThisJvm(database, home);
            return new TestServer("embedded", "127.0.0.1:" + database.port(), database.user(), database.password());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A shell reads from us until we end, however we end (a hook would miss kill -9), then stops the server and cleans up. */
    private static void stopWithThisJvm(EmbeddedDatabase database, Path home) throws IOException {
        new ProcessBuilder(
                        "sh",
                        "-c",
                        "trap '' INT TERM HUP; cat > /dev/null; kill -QUIT \"$1\"; while kill -0 \"$1\"; do sleep 0.1; done; rm -rf \"$2\"",
                        "sh",
                        String.valueOf(database.pid()),
                        home.toString())
                .redirectOutput(new File("/dev/null"))
                .redirectError(new File("/dev/null"))
                .start();
    }
}
