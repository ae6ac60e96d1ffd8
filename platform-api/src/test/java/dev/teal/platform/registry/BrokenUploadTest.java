package dev.teal.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.registry.Models.Form;
import dev.teal.protocol.cell.Digests;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An upload that breaks off, on whichever side, leaves nothing. */
class BrokenUploadTest extends SmallRegistry {
    @Test
    void givenABodyThatEndsEarlyNothingStaysBehind() {
        String model = Models.create(admin);
        List<Path> before = files();

        Api.Answer answer = Form.send(
                admin,
                model,
                new Form()
                        .part("artifact", Models.bytes("fraud-detection/v2.onnx"))
                        .unfinished());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("BROKEN_UPLOAD");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void givenAConnectionThatBreaksWhileUploadingNothingStaysBehind() throws Exception {
        String model = Models.create(admin);
        List<Path> before = files();

        try (var socket = new Socket("127.0.0.1", platform.port())) {
            byte[] body = new Form().part("artifact", new byte[500_000]).unfinished();
            socket.getOutputStream()
                    .write(("POST /api/v1/models/" + model
                                    + "/versions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + admin.key()
                                    + "\r\nContent-Type: multipart/form-data; boundary=teal-test-boundary\r\nContent-Length: 900000\r\n\r\n")
                            .getBytes());
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !files().equals(before));
        }

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> files().equals(before));
    }

    @Test
    void givenACrashBetweenFileAndRowTheNextStartTakesTheFileAway() throws IOException {
        Path home = PlatformServer.newHome();
        TestDatabase database = TestDatabase.fresh();
        byte[] artifact = Models.bytes("fraud-detection/v1.onnx");
        try (PlatformServer first =
                PlatformServer.start(database, home, Map.of()).awaitDatabase()) {
            new Form().part("artifact", artifact).upload(first.asAdmin(), Models.create(first.asAdmin()));
        }
        Path orphan = home.resolve("artifacts/objects/ab/" + "c".repeat(62));
        Files.createDirectories(orphan.getParent());
        Files.writeString(orphan, "a file whose row was never committed");
        Path oldDraft = Files.writeString(home.resolve("artifacts/drafts/old.part"), "half");
        Files.setLastModifiedTime(oldDraft, FileTime.fromMillis(0));

        try (PlatformServer second =
                PlatformServer.start(database, home, Map.of()).awaitDatabase()) {
            assertThat(orphan).doesNotExist();
            assertThat(oldDraft).doesNotExist();
            assertThat(second.bean(Registry.class).open(Digests.of(artifact)).exists())
                    .isTrue();
        }
    }

    @Test
    void givenAFailingCommitTheFileGoesToo() {
        String model = Models.create(admin);
        JdbcClient sql = platform.bean(JdbcClient.class);
        List<Path> before = files();
        sql.sql("create function refuse_commit() returns trigger language plpgsql as " + "'begin if new.model = ''"
                        + model + "'' then raise exception ''no''; end if; return null; end'")
                .update();
        sql.sql("create constraint trigger refuse_commit after insert on model_version deferrable initially deferred "
                        + "for each row execute function refuse_commit()")
                .update();
        try {
            // A model that no other test uploads
            assertThat(new Form()
                            .part("artifact", Models.bytes("fraud-detection/bad/hungry.onnx"))
                            .upload(admin, model)
                            .status())
                    .isEqualTo(500);
        } finally {
            sql.sql("drop trigger refuse_commit on model_version").update();
            sql.sql("drop function refuse_commit").update();
        }

        assertThat(files()).isEqualTo(before);
    }
}
