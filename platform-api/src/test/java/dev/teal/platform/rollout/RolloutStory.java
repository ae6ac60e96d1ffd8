package dev.teal.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.Api.Answer;
import dev.teal.platform.PlatformServer;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A rollout's story is told over HTTP, against a real PostgreSQL, by an endpoint of the test's own, in a region with members of its own. */
abstract class RolloutStory {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REGIONS = 60;
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("features", Datatype.FP32, List.of(-1L, 29L))),
            List.of(new TensorSpec("score", Datatype.FP32, List.of(-1L, 1L))),
            17);
    private static final ModelSignature OTHER = new ModelSignature(
            List.of(new TensorSpec("features", Datatype.FP32, List.of(-1L, 30L))),
            List.of(new TensorSpec("label", Datatype.INT64, List.of(-1L))),
            17);
    static final List<String> WHOLE_LIFE = List.of(
            "PENDING",
            "PROVISIONING",
            "WARMING",
            "TESTING",
            "SHADOWING",
            "SWITCHING_PREPARING",
            "SWITCHING_COMMITTED",
            "BAKING",
            "SUCCEEDED");

    /** Started once a JVM, for all stories. */
    static final PlatformServer server = start();

    static final Api admin = server.asAdmin();
    static final JdbcClient database = server.bean(JdbcClient.class);

    static {
        database.sql("insert into model (name, created_at, created_by) values ('fraud', now(), 'test')")
                .update();
        for (String version : List.of("1", "2", "3", "4")) {
            register(version, SIGNATURE);
        }
        register("other", OTHER);
    }

    String name = "";
    FakeCell cell;
    FakeCell.Gateway gateway;

    private static PlatformServer start() {
        List<String> regions = new ArrayList<>();
        for (int i = 0; i < REGIONS; i++) {
            regions.add("r" + i);
        }
        return PlatformServer.start(
                        TestDatabase.fresh(),
                        PlatformServer.newHome(),
                        Map.of("platform.cells.regions", String.join(",", regions)))
                .awaitDatabase();
    }

    private static void register(String version, ModelSignature signature) {
        String digest = Digests.of("artifact " + version);
        database.sql("insert into stored_object (digest, bytes, created_at) values (?, 100, now())")
                .param(digest)
                .update();
        database.sql("""
                        insert into model_version (model, version, digest, signature, created_at, created_by)
                        values ('fraud', ?, ?, ?::jsonb, now(), 'test')""")
                .params(version, digest, Json.MAPPER.writeValueAsString(signature))
                .update();
    }

    /** An endpoint of the test's own, in a region of its own with a fleet and a gateway, serving version 1 from blue. */
    void serving() {
        members();
        assertThat(put("1").status()).isEqualTo(201);
        awaitEnd(openOrLast());
        assertThat(endpoint().path("activeColor").asString()).isEqualTo("blue");
    }

    void members() {
        int number = NEXT.getAndIncrement();
        name = "endpoint-" + number;
        cell = new FakeCell(server, "r" + number).withFleet();
        gateway = cell.gateway("g1");
    }

    @AfterEach
    void closeCell() {
        cell.close();
    }

    String path() {
        return "/api/v1/endpoints/" + name;
    }

    Answer put(String version, String... headers) {
        return admin.put(
                path(),
                "{\"model\":\"fraud\",\"version\":\"" + version + "\",\"region\":\"" + cell.region + "\"}",
                headers);
    }

    JsonNode endpoint() {
        return admin.get(path()).json();
    }

    String openOrLast() {
        JsonNode endpoint = endpoint();
        return endpoint.path(endpoint.has("openRollout") ? "openRollout" : "lastRollout")
                .path("id")
                .asString();
    }

    Answer roll(String version, String more) {
        return admin.post(path() + "/rollouts", "{\"version\":\"" + version + "\"" + more + "}");
    }

    JsonNode rollout(String id) {
        return admin.get("/api/v1/rollouts/" + id).json();
    }

    JsonNode awaitEnd(String id) {
        return awaitState(id, "terminal");
    }

    JsonNode awaitState(String id, String wanted) {
        JsonNode node = admin.send(admin.request("/api/v1/rollouts/" + id + "?for=" + wanted)
                        .header("Prefer", "wait=55")
                        .GET())
                .json();
        assertThat(node.path("ended").asBoolean() || !wanted.equals("terminal"))
                .as("%s of %s", wanted, node)
                .isTrue();
        return node;
    }

    String begun(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json().path("id").asString();
    }

    static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    long count(String sql) {
        return database.sql(sql).query(Long.class).single();
    }

    void awaitEmpty(String color) {
        await(() -> endpoint()
                .path("environments")
                .path(color)
                .path("state")
                .asString()
                .equals("EMPTY"));
    }

    static List<String> timeline(JsonNode rollout) {
        return rollout.path("timeline")
                .valueStream()
                .map(step -> step.path("to").asString())
                .toList();
    }
}
