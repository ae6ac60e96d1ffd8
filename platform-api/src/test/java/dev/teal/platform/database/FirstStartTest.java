package dev.teal.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.db.TestDatabase;
import dev.teal.platform.PlatformServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What watches a start takes health for the word that its users can come. */
class FirstStartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestDatabase database = TestDatabase.fresh();
    private final Path home = PlatformServer.newHome();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void givenTheFirstKeyIsNotMadeYetHealthSaysSo() throws Exception {
        try (Connection other = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
            other.setAutoCommit(false);
            other.createStatement().execute("lock table api_key in access exclusive mode");

            try (PlatformServer platform = PlatformServer.start(database, home, Map.of())) {
                Awaitility.await().atMost(PATIENCE).until(() -> waitsForItsKeys(other));
                assertThat(health(platform, "")).isEqualTo(503);
                assertThat(health(platform, "/readiness")).isEqualTo(503);
                assertThat(health(platform, "/liveness")).isEqualTo(200);
                assertThat(home.resolve("secrets/admin.key")).doesNotExist();

                other.rollback();
                Awaitility.await().atMost(PATIENCE).until(() -> health(platform, "") == 200);
                assertThat(health(platform, "/readiness")).isEqualTo(200);
                assertThat(Files.exists(home.resolve("secrets/admin.key"))).isTrue();
                assertThat(platform.asAdmin().get("/api/v1/models").status()).isEqualTo(200);
            }
        }
    }

    private int health(PlatformServer platform, String group) throws IOException, InterruptedException {
        URI health = URI.create("http://127.0.0.1:" + platform.managementPort() + "/actuator/health" + group);
        return http.send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding())
                .statusCode();
    }

    /** By then the database is there and the schema too: only the key is not. */
    private static boolean waitsForItsKeys(Connection holder) throws SQLException {
        try (PreparedStatement waiting = holder.prepareStatement(
                        "select count(*) from pg_locks where relation = 'api_key'::regclass and not granted");
                ResultSet count = waiting.executeQuery()) {
            count.next();
            return count.getInt(1) > 0;
        }
    }
}
