package dev.teal.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.db.EmbeddedDatabase;
import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is frozen, and one that is killed, under a control plane at work: a server of the test's own, durable as in use. */
class DatabaseFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** The driver waits five seconds for a frozen server, the pool one more; the rest is for a machine that has other things to do. */
    private static final long LONGEST_ANSWER_SECONDS = 15;

    @TempDir
    Path directory;

    private EmbeddedDatabase database;
    private PlatformServer platform;
    private Api admin;

    @BeforeEach
    void start() {
        database = server(EmbeddedDatabase.ANY_PORT);
        platform = PlatformServer.start(
                        new TestDatabase(database.jdbcUrl(), database.user(), database.password()),
                        PlatformServer.newHome(),
                        Map.of())
                .awaitDatabase();
        admin = platform.asAdmin();
    }

    @AfterEach
    void stop() {
        platform.close();
        database.stop();
    }

    private EmbeddedDatabase server(int port) {
        return EmbeddedDatabase.start(directory.resolve("data"), directory.resolve("password"), port);
    }

    @Test
    void givenAFrozenDatabaseCallsAreRefusedInTimeAndGoOnAfterwards() throws Exception {
        assertThat(create("before").status()).isEqualTo(201);
        List<ProcessHandle> frozen = processes();

        signal("STOP", frozen);
        try {
            for (int call = 0; call < 3; call++) {
                long begun = System.nanoTime();

                Api.Answer answer = call == 1 ? admin.get("/api/v1/models") : create("meanwhile-" + call);

                assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
                assertThat(answer.code()).isEqualTo("DATABASE_UNAVAILABLE");
                assertThat(answer.header("Retry-After")).isEqualTo("2");
                assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun))
                        .isLessThan(LONGEST_ANSWER_SECONDS);
            }
            assertThat(platform.as("").get("/v3/api-docs").status())
                    .as("what needs no database")
                    .isEqualTo(200);
        } finally {
            signal("CONT", frozen);
        }

        Awaitility.await().atMost(PATIENCE).until(() -> create("after").status() < 300 || exists("after"));
        assertThat(exists("before")).isTrue();
    }

    @Test
    void givenAKilledDatabaseNothingAcknowledgedIsLostAndItGoesOnByItself() throws Exception {
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        Queue<Api.Answer> odd = new ConcurrentLinkedQueue<>();
        AtomicBoolean writing = new AtomicBoolean(true);
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < 3; writer++) {
            String prefix = "w" + writer + "-";
            writers.add(Thread.ofVirtual().start(() -> {
                for (int number = 0; writing.get(); number++) {
                    Api.Answer answer = create(prefix + number);
                    if (answer.status() == 201) {
                        acknowledged.add(prefix + number);
                    } else if (answer.status() != 503) {
                        odd.add(answer);
                    }
                }
            }));
        }
        Awaitility.await().atMost(PATIENCE).until(() -> acknowledged.size() > 20);

        List<ProcessHandle> killed = processes();
        signal("KILL", killed);
        Awaitility.await().atMost(PATIENCE).until(() -> killed.stream().noneMatch(ProcessHandle::isAlive));
        Api.Answer meanwhile = admin.get("/api/v1/models");
        int before = acknowledged.size();
        database = server(database.port());
        Awaitility.await().atMost(PATIENCE).until(() -> acknowledged.size() > before + 20);
        writing.set(false);
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(meanwhile.status()).isEqualTo(503);
        assertThat(meanwhile.code()).isEqualTo("DATABASE_UNAVAILABLE");
        assertThat(odd).isEmpty();
        assertThat(acknowledged).allMatch(this::exists);
        assertThat(admin.get("/api/v1/audit-events?limit=1").status()).isEqualTo(200);
    }

    private Api.Answer create(String name) {
        return admin.post("/api/v1/models", "{\"name\":\"" + name + "\"}");
    }

    private boolean exists(String name) {
        return admin.get("/api/v1/models/" + name).status() == 200;
    }

    /** Our server alone: what listens, and all that it has started. */
    private List<ProcessHandle> processes() {
        ProcessHandle listening = ProcessHandle.of(database.pid()).orElseThrow();
        return Stream.concat(Stream.of(listening), listening.descendants()).toList();
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(String.valueOf(process.pid())));
        // A backend that has ended by itself meanwhile makes kill complain, and is what was wanted
        new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
