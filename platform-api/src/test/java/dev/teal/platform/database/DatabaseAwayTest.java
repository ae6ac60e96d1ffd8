package dev.teal.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DatabaseAwayTest {
    @Test
    void givenNoDatabaseTheProgramStartsAndAnswersThatItIsAway() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        TestDatabase nowhere = new TestDatabase("jdbc:postgresql://127.0.0.1:" + closed + "/teal", "teal", "none");
        try (PlatformServer platform = PlatformServer.start(nowhere, PlatformServer.newHome(), Map.of())) {
            Api someone = platform.as("teal_" + "a".repeat(12) + "_" + "b".repeat(43));
            long before = System.nanoTime();

            Api.Answer answer = someone.get("/api/v1/models");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("DATABASE_UNAVAILABLE");
            assertThat(answer.header("Retry-After")).isEqualTo("2");
            assertThat(answer.text()).doesNotContain("jdbc", "127.0.0.1", "Exception");
            // The pool waits one second; the rest is for a machine that has other things to do
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before))
                    .isLessThan(10);
            assertThat(platform.as("").get("/v3/api-docs").status()).isEqualTo(200);
            assertThat(platform.as(PlatformServer.CELL_KEY).get("/cell/v1/x/y").status())
                    .isEqualTo(404);
        }
    }
}
