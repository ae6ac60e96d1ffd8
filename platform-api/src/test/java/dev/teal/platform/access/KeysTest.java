package dev.teal.platform.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class KeysTest {
    private final PlatformServer platform = PlatformServer.shared();
    private final Api admin = platform.asAdmin();

    @Test
    void givenNoKeyNothingIsReadAndTheAnswerSaysWhatToSend() {
        Api.Answer answer = platform.as("").get("/api/v1/audit-events");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(answer.json().get("detail").asString()).contains("Authorization: Bearer teal_");
        assertThat(answer.json().get("type").asString()).isEqualTo("/problems/key-refused");
    }

    @Test
    void givenTheFirstStartTheAdminKeyIsInAFileOfItsOwnerAlone() throws Exception {
        var file = platform.home().resolve("secrets/admin.key");

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(platform.bean(JdbcClient.class)
                        .sql("select count(*) from api_key k where k::text like '%' || ? || '%'")
                        .param(platform.adminKey().substring(18))
                        .query(Integer.class)
                        .single())
                .as("rows that hold the secret itself")
                .isZero();
    }

    @Test
    void givenANewKeyItsSecretIsShownOnceAlsoToARepeatedCall() {
        String body = "{\"name\":\"ci\",\"role\":\"DEPLOYER\"}";
        Api.Answer first = admin.post("/api/v1/api-keys", body, "Idempotency-Key", "make-ci-key");
        Api.Answer again = admin.post("/api/v1/api-keys", body, "Idempotency-Key", "make-ci-key");
        JsonNode made = first.json();

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Location"))
                .isEqualTo("/api/v1/api-keys/" + made.at("/key/id").asString());
        assertThat(made.get("secret").asString()).matches("teal_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.json().get("key")).isEqualTo(made.get("key"));
        assertThat(again.json().get("secret").isNull()).isTrue();
        assertThat(admin.get(first.header("Location")).json()).isEqualTo(made.get("key"));
    }

    @Test
    void givenARevokedKeyTheNextCallIsRefused() {
        JsonNode made = admin.post("/api/v1/api-keys", "{\"name\":\"gone soon\",\"role\":\"VIEWER\"}")
                .json();
        Api viewer = platform.as(made.get("secret").asString());
        String path = "/api/v1/api-keys/" + made.at("/key/id").asString();

        assertThat(viewer.get("/api/v1/audit-events").status()).isEqualTo(200);
        assertThat(admin.delete(path).status()).isEqualTo(204);
        assertThat(admin.delete(path).status()).as("again changes nothing").isEqualTo(204);
        Api.Answer refused = viewer.get("/api/v1/audit-events");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.json().get("detail").asString()).contains("revoked");
    }

    @Test
    void givenAnExpiredKeyTheAnswerSaysSo() {
        JsonNode made = admin.post("/api/v1/api-keys", "{\"name\":\"short\",\"role\":\"VIEWER\"}")
                .json();
        platform.bean(JdbcClient.class)
                .sql("update api_key set expires_at = now() - interval '1 second' where id = ?")
                .param(made.at("/key/id").asString())
                .update();

        Api.Answer refused = platform.as(made.get("secret").asString()).get("/api/v1/audit-events");

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.json().get("detail").asString()).contains("expired");
    }

    @Test
    void givenTheRightIdWithAWrongSecretNothingIsSaidOfTheKey() {
        String wrong = platform.adminKey().substring(0, 18) + "x".repeat(43);

        assertThat(platform.as(wrong).get("/api/v1/audit-events").json().get("detail"))
                .isEqualTo(platform.as("teal_000000000000_" + "x".repeat(43))
                        .get("/api/v1/audit-events")
                        .json()
                        .get("detail"));
    }

    @Test
    void givenTheLastAdminKeyItStays() {
        try (PlatformServer fresh = PlatformServer.start()) {
            String id = fresh.adminKey().substring(5, 17);
            fresh.asAdmin().post("/api/v1/api-keys", """
                    {"name":"expires", "role":"ADMIN", "expiresAt":"2999-01-01T00:00:00Z"}""");

            Api.Answer refused = fresh.asAdmin().delete("/api/v1/api-keys/" + id);
            Api second = fresh.withRole("ADMIN");

            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("LAST_ADMIN_KEY");
            assertThat(second.delete("/api/v1/api-keys/" + id).status()).isEqualTo(204);
            assertThat(fresh.asAdmin().get("/api/v1/api-keys").status()).isEqualTo(401);
        }
    }

    @Test
    void givenADeniedChangeTheAuditLogHasIt() {
        Api viewer = platform.withRole("VIEWER");

        Api.Answer denied = viewer.post("/api/v1/api-keys", "{\"name\":\"me\",\"role\":\"ADMIN\"}");

        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.json().get("roles").get(0).asString()).isEqualTo("ADMIN");
        JsonNode events = admin.get("/api/v1/audit-events?limit=1000&object=/api/v1/api-keys")
                .json()
                .get("items");
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.get("result").asString()).isEqualTo("DENIED");
        assertThat(last.get("actor").asString()).isEqualTo("key:" + viewer.key().substring(5, 17));
        assertThat(last.get("requestId").asString()).isEqualTo(denied.header("X-Request-Id"));
    }

    @Test
    void givenTheCellKeyOnlyCallsOfCellsAreOpen() {
        Api cell = platform.as(PlatformServer.CELL_KEY);

        assertThat(cell.get("/api/v1/audit-events").status()).isEqualTo(401);
        assertThat(cell.get("/cell/v1/nowhere/nothing").status()).isEqualTo(404);
        assertThat(platform.asAdmin().get("/cell/v1/nowhere/nothing").status()).isEqualTo(401);
        assertThat(platform.as("").get("/cell/v1/nowhere/nothing").status()).isEqualTo(401);
    }

    @Test
    void givenAForeignHostNameTheCallIsRefused() throws Exception {
        try (var socket = new java.net.Socket("127.0.0.1", platform.port())) {
            socket.getOutputStream()
                    .write("GET /swagger-ui.html HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes());
            String answer = new String(socket.getInputStream().readAllBytes());

            assertThat(answer).startsWith("HTTP/1.1 400").contains("MALFORMED_REQUEST");
        }
    }
}
