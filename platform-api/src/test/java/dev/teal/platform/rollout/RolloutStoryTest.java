package dev.teal.platform.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.Api.Answer;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.registry.store.ContentStore;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.MemberReport;
import dev.teal.protocol.cell.Rate;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.worker.WorkerFailure;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.JsonNode;

/** Whole lives of rollouts, over HTTP, against a real PostgreSQL, with members that follow the state document. A region for each test. */
class RolloutStoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
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

    private static PlatformServer server;
    private static Api admin;
    private static JdbcClient database;

    private String name = "";
    private FakeCell cell;
    private FakeCell.Gateway gateway;

    @BeforeAll
    static void start() {
        List<String> regions = new ArrayList<>();
        for (int i = 0; i < REGIONS; i++) {
            regions.add("r" + i);
        }
        server = PlatformServer.start(
                        TestDatabase.fresh(),
                        PlatformServer.newHome(),
                        Map.of("platform.cells.regions", String.join(",", regions)))
                .awaitDatabase();
        admin = server.asAdmin();
        database = server.bean(JdbcClient.class);
        database.sql("insert into model (name, created_at, created_by) values ('fraud', now(), 'test')")
                .update();
        for (String version : List.of("1", "2", "3", "4")) {
            register(version, SIGNATURE);
        }
        register("other", OTHER);
    }

    @AfterAll
    static void stop() {
        server.close();
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
    private void serving() {
        members();
        assertThat(put("1").status()).isEqualTo(201);
        awaitEnd(openOrLast());
        assertThat(endpoint().path("activeColor").asString()).isEqualTo("blue");
    }

    private void members() {
        int number = NEXT.getAndIncrement();
        name = "endpoint-" + number;
        cell = new FakeCell(server, "r" + number).withFleet();
        gateway = cell.gateway("g1");
    }

    @AfterEach
    void closeCell() {
        cell.close();
    }

    private String path() {
        return "/api/v1/endpoints/" + name;
    }

    private Answer put(String version, String... headers) {
        return admin.put(
                path(),
                "{\"model\":\"fraud\",\"version\":\"" + version + "\",\"region\":\"" + cell.region + "\"}",
                headers);
    }

    private JsonNode endpoint() {
        return admin.get(path()).json();
    }

    private String openOrLast() {
        JsonNode endpoint = endpoint();
        return endpoint.path(endpoint.has("openRollout") ? "openRollout" : "lastRollout")
                .path("id")
                .asString();
    }

    private Answer roll(String version, String more) {
        return admin.post(path() + "/rollouts", "{\"version\":\"" + version + "\"" + more + "}");
    }

    private JsonNode rollout(String id) {
        return admin.get("/api/v1/rollouts/" + id).json();
    }

    private JsonNode awaitEnd(String id) {
        return awaitState(id, "terminal");
    }

    private JsonNode awaitState(String id, String wanted) {
        JsonNode node = admin.send(admin.request("/api/v1/rollouts/" + id + "?for=" + wanted)
                        .header("Prefer", "wait=55")
                        .GET())
                .json();
        assertThat(node.path("ended").asBoolean() || !wanted.equals("terminal"))
                .as("%s of %s", wanted, node)
                .isTrue();
        return node;
    }

    private String begun(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json().path("id").asString();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    private long count(String sql) {
        return database.sql(sql).query(Long.class).single();
    }

    @Test
    void aFirstVersionIsProvenInBlueAndTheSameDeclarationAgainChangesNothing() {
        serving();
        await(() -> endpoint()
                        .path("environments")
                        .path("blue")
                        .path("workers")
                        .path("ready")
                        .asInt()
                == 1);
        long revision = count("select revision from cell_state");
        long events = count("select count(*) from audit_event");

        Answer again = put("1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("ETag")).isEqualTo("\"1\"");
        assertThat(count("select revision from cell_state")).isEqualTo(revision);
        assertThat(count("select count(*) from audit_event")).isEqualTo(events);
        JsonNode endpoint = again.json();
        assertThat(endpoint.path("route").path("bluePercent").asInt()).isEqualTo(100);
        assertThat(endpoint.path("addresses").get(0).asString())
                .isEqualTo("http://127.0.0.1:8000/v2/models/" + name + "/infer");
        assertThat(endpoint.path("lastRollout").path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void aReleaseSwitchesBakesAndKeepsTheFormerVersionForARollback() {
        serving();

        String id = begun(roll("2", ",\"bake\":\"0s\",\"standby\":\"1h\""));
        JsonNode ended = awaitEnd(id);

        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        JsonNode endpoint = endpoint();
        assertThat(endpoint.path("activeColor").asString()).isEqualTo("green");
        assertThat(endpoint.path("generation").asLong()).isEqualTo(2);
        assertThat(endpoint.path("rollbackTarget").path("version").asString()).isEqualTo("1");
        assertThat(endpoint.path("standbyUntil").asString()).isNotEmpty();
        assertThat(ended.path("timeline")
                        .valueStream()
                        .map(step -> step.path("to").asString()))
                .containsExactly(
                        "PENDING",
                        "PROVISIONING",
                        "WARMING",
                        "TESTING",
                        "SHADOWING",
                        "SWITCHING_PREPARING",
                        "SWITCHING_COMMITTED",
                        "BAKING",
                        "SUCCEEDED");
        assertThat(admin.get("/api/v1/audit-events?limit=100").text()).contains("rollout.baking");
    }

    @Test
    void givenAProvenStandbyARollbackIsCommittedInTheVeryRequestAndAskedTwiceItIsNotUndone() {
        serving();
        awaitEnd(begun(roll("2", ",\"bake\":\"0s\"")));
        await(() -> endpoint().path("rollbackTarget").path("ready").asBoolean());

        Answer back = admin.post(path() + "/rollback", "{\"reason\":\"wrong answers\"}");

        assertThat(back.status()).as(back.toString()).isEqualTo(201);
        assertThat(back.json().path("state").asString()).isIn("SWITCHING", "SUCCEEDED");
        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("1");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(3);
        awaitEnd(back.json().path("id").asString());
        Answer twice = admin.post(path() + "/rollback", "");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.code()).isEqualTo("NO_ROLLBACK_TARGET");
        await(() -> endpoint()
                .path("environments")
                .path("green")
                .path("state")
                .asString()
                .equals("EMPTY"));
    }

    @Test
    void aManualRolloutHoldsUntilItIsPromotedAndPromotingTwiceIsNoError() {
        serving();
        String id = begun(roll("2", ",\"promotion\":\"manual\",\"bake\":\"0s\""));

        JsonNode held = awaitState(id, "held");
        assertThat(held.path("state").asString()).isEqualTo("HELD");
        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("1");
        Answer promoted = admin.post("/api/v1/rollouts/" + id + "/promote", "");

        assertThat(promoted.status()).as(promoted.toString()).isEqualTo(200);
        assertThat(awaitEnd(id).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(admin.post("/api/v1/rollouts/" + id + "/promote", "").status())
                .isEqualTo(200);
        assertThat(admin.post("/api/v1/rollouts/" + id + "/abort", "").code()).isEqualTo("ILLEGAL_TRANSITION");
    }

    @Test
    void anAbortedRolloutLeavesTheRouteAndItsEnvironmentEmpties() {
        serving();
        String id = begun(roll("2", ",\"promotion\":\"manual\""));
        awaitState(id, "held");

        Answer aborted = admin.post("/api/v1/rollouts/" + id + "/abort", "{\"reason\":\"not today\"}");

        assertThat(aborted.json().path("state").asString()).isEqualTo("ABORTED");
        assertThat(aborted.json().path("reason").asString()).isEqualTo("not today");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(1);
        await(() -> endpoint()
                .path("environments")
                .path("green")
                .path("state")
                .asString()
                .equals("EMPTY"));
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkerFailure.Code.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FETCH_FAILED", "WORKER_DIED", "NO_CAPACITY"})
    void aVersionAtFaultNeverGetsTrafficAndTheReasonIsSaidInWords(WorkerFailure.Code code) {
        serving();
        cell.failures.put("2", new WorkerFailure(code, "the fault's own words"));

        JsonNode ended = awaitEnd(begun(roll("2", "")));

        assertThat(ended.path("state").asString()).isEqualTo("FAILED");
        assertThat(ended.path("reason").asString()).contains("the fault's own words");
        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("1");
        assertThat(endpoint().path("waitingFor").asString())
                .contains("version 2 is declared")
                .contains("the fault's own words");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(1);
    }

    @Test
    void aFailureThatMayPassIsWaitedOut() {
        serving();
        cell.failures.put("2", new WorkerFailure(WorkerFailure.Code.NO_CAPACITY, "no room"));
        String id = begun(roll("2", ",\"bake\":\"0s\""));
        await(() -> rollout(id).path("waitingFor").asString().contains("no room"));

        cell.failures.clear();
        cell.fleetChanged();

        assertThat(awaitEnd(id).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void anEndpointWhoseFirstVersionFailedTakesAnotherOne() {
        members();
        cell.failures.put("1", new WorkerFailure(WorkerFailure.Code.LOAD_FAILED, "not a model"));
        assertThat(put("1").status()).isEqualTo(201);
        awaitEnd(openOrLast());
        assertThat(endpoint().path("waitingFor").asString()).contains("not a model");

        assertThat(put("2").status()).isEqualTo(200);
        awaitEnd(openOrLast());

        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("2");
    }

    @Test
    void givenOneOfTwoGatewaysLagsTheRolloutWaitsForItAndWhenItDiesForItsLease() {
        serving();
        FakeCell.Gateway second = cell.gateway("g2");
        await(() -> second.state().endpoint(name).isPresent());
        String id = begun(roll("2", ",\"promotion\":\"manual\",\"bake\":\"0s\""));
        awaitState(id, "held");
        second.frozenRevision = second.state().revision();
        second.member.reportNow();
        admin.post("/api/v1/rollouts/" + id + "/promote", "");

        await(() -> rollout(id).path("state").asString().equals("SWITCHING")
                && rollout(id).path("waitingFor").asString().contains("gateway g2")
                && endpoint().path("generation").asLong() == 2);
        second.close();

        assertThat(awaitEnd(id).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void givenAGatewayCannotReachTheNewColorItCanBeAbortedWithNothingChanged() {
        serving();
        gateway.prepares = false;
        String id = begun(roll("2", ""));
        await(() -> rollout(id).path("waitingFor").asString().contains("no worker answers"));

        Answer back = admin.post(path() + "/rollback", "");

        assertThat(back.json().path("state").asString()).as(back.toString()).isEqualTo("ABORTED");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(1);
        assertThat(endpoint().has("next")).isFalse();
        gateway.prepares = true;
        awaitEnd(begun(roll("2", ",\"bake\":\"0s\"")));
        assertThat(endpoint().path("generation").asLong())
                .as("an aborted generation is never used again")
                .isEqualTo(3);
    }

    @Test
    void aRollbackInTheBakeGoesBackAndRetiresTheNewVersion() {
        serving();
        String id = begun(roll("2", ""));
        assertThat(awaitState(id, "switched").path("state").asString()).isEqualTo("BAKING");

        Answer back = admin.post(path() + "/rollback", "");

        assertThat(back.status()).as(back.toString()).isEqualTo(200);
        assertThat(awaitEnd(id).path("state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(endpoint().path("activeColor").asString()).isEqualTo("blue");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(3);
        assertThat(endpoint().path("desiredVersion").asString()).isEqualTo("1");
    }

    @Test
    void aVersionThatFailsInTheBakeIsRolledBackByItselfAndQuarantined() {
        serving();
        gateway.count(name, 1, Color.BLUE, 1_000, 1);
        String id = begun(roll("2", ""));
        awaitState(id, "switched");
        gateway.count(name, 2, Color.GREEN, 100, 30);

        JsonNode ended = awaitEnd(id);

        assertThat(ended.path("state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(ended.path("reason").asString()).contains("30 of 100 requests failed");
        assertThat(ended.path("verdict").path("outcome").asString()).isEqualTo("BAD");
        assertThat(put("2").code()).isEqualTo("QUARANTINED_VERSION");
        assertThat(roll("2", ",\"promotion\":\"manual\"").status())
                .as("asked for by name")
                .isEqualTo(201);
    }

    @Test
    void givenTheNewColorLosesItsWorkersInTheBakeItIsRolledBack() {
        serving();
        String id = begun(roll("2", ""));
        awaitState(id, "switched");

        cell.ready.put("2", 0);
        cell.fleetChanged();

        JsonNode ended = awaitEnd(id);
        assertThat(ended.path("state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(ended.path("reason").asString()).contains("lost its readiness");
    }

    @Test
    void aStandbyWhoseTimeIsOverEmpties() {
        serving();

        awaitEnd(begun(roll("2", ",\"bake\":\"0s\",\"standby\":\"1s\"")));

        await(() -> endpoint()
                .path("environments")
                .path("blue")
                .path("state")
                .asString()
                .equals("EMPTY"));
        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("2");
        assertThat(endpoint().has("rollbackTarget")).isFalse();
    }

    @Test
    void ofThirtyTwoRolloutsAtOnceOneWins() throws Exception {
        serving();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                calls.add(threads.submit(() -> roll("2", ",\"promotion\":\"manual\"")));
            }
            int won = 0;
            for (Future<Answer> call : calls) {
                Answer answer = call.get();
                assertThat(answer.status()).as(answer.toString()).isIn(201, 409);
                if (answer.status() == 201) {
                    won++;
                } else {
                    assertThat(answer.code()).isEqualTo("ROLLOUT_IN_PROGRESS");
                }
            }
            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void twentySwitchesInARowReuseTheStandbyAndEachGatewayAgrees() {
        serving();
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String version = i % 2 == 0 ? "2" : "1";
            long begin = System.nanoTime();
            JsonNode ended = awaitEnd(begun(roll(version, ",\"bake\":\"0s\"")));
            millis.add((System.nanoTime() - begin) / 1_000_000);
            assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        }
        System.out.println("switch, begin to end, ms: " + millis);

        assertThat(endpoint().path("generation").asLong()).isEqualTo(21);
        await(() -> gateway.state().endpoint(name).orElseThrow().generation() == 21);
        assertThat(gateway.state().refused()).isEmpty();
    }

    @Test
    void repeatedCallsReturnTheFirstAnswerAndStaleOnesAreRefused() {
        serving();
        String body = "{\"version\":\"2\",\"promotion\":\"manual\"}";

        Answer first = admin.post(path() + "/rollouts", body, "Idempotency-Key", "key-" + name, "If-Match", "\"1\"");
        Answer second = admin.post(path() + "/rollouts", body, "Idempotency-Key", "key-" + name, "If-Match", "\"1\"");
        Answer stale = admin.post(path() + "/rollback", "", "If-Match", "\"7\"");

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.code()).isEqualTo("STALE_VERSION");
        assertThat(put("1", "If-Match", "\"9\"").status()).isEqualTo(412);
    }

    @Test
    void whatCannotBeIsRefusedWithWhatToDo() {
        serving();

        assertThat(roll("other", "").code()).isEqualTo("SIGNATURE_INCOMPATIBLE");
        assertThat(roll("other", "").text()).contains("'features' FP32[-1, 29] is FP32[-1, 30]", "'label'");
        assertThat(roll("1", "").code()).isEqualTo("VERSION_ALREADY_ACTIVE");
        assertThat(roll("99", "").code()).isEqualTo("VERSION_NOT_REGISTERED");
        assertThat(roll("2", ",\"bake\":\"2h\",\"standby\":\"1h\"").text())
                .contains("bake must not be longer than standby");
        assertThat(roll("2", ",\"bake\":\"soon\"").text()).contains("'soon' is not a duration");
        assertThat(roll("2", ",\"promotion\":\"maybe\"").status()).isEqualTo(422);
        assertThat(admin.post(path() + "/rollback", "").code()).isEqualTo("NO_ROLLBACK_TARGET");
        assertThat(admin.get("/api/v1/rollouts/nonsense").status()).isEqualTo(404);
        assertThat(admin.put(path(), "{\"model\":\"fraud\",\"version\":\"1\",\"region\":\"r59\"}")
                        .code())
                .isEqualTo("ENDPOINT_IS_FIXED");
        assertThat(admin.put(
                                path(),
                                "{\"model\":\"fraud\",\"version\":\"1\",\"configuration\":{\"minWorkers\":9,\"maxWorkers\":3}}")
                        .text())
                .contains("minWorkers must not be above maxWorkers");
        assertThat(admin.put("/api/v1/endpoints/Bad!", "{\"model\":\"fraud\",\"version\":\"1\"}")
                        .status())
                .isEqualTo(422);
        String id = begun(roll("2", ",\"promotion\":\"manual\""));
        Answer second = roll("3", "");
        assertThat(second.code()).isEqualTo("ROLLOUT_IN_PROGRESS");
        assertThat(second.json().path("rollout").asString()).isEqualTo(id);
        assertThat(put("3").code()).isEqualTo("ROLLOUT_IN_PROGRESS");
    }

    @Test
    void aConfigurationHoldsForBothColorsAndReachesTheCell() {
        serving();

        Answer answer = admin.put(
                path(),
                "{\"model\":\"fraud\",\"version\":\"1\",\"configuration\":{\"minWorkers\":1,\"requestDeadline\":\"PT2S\",\"bodyLimit\":\"1MiB\",\"inferenceKey\":\"required\","
                        + "\"maxBatchRows\":16,\"batchDelay\":\"500us\",\"responseCache\":\"1MiB\",\"requestRate\":50,\"requestBurst\":75}}");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        await(() -> gateway.state().endpoint(name).orElseThrow().limits().requestDeadlineMillis() == 2_000);
        var state = gateway.state().endpoint(name).orElseThrow();
        assertThat(state.limits().bodyLimitBytes()).isEqualTo(1 << 20);
        assertThat(state.limits().keyRequired()).isTrue();
        assertThat(state.limits().rate()).isEqualTo(new Rate(50, 75));
        assertThat(state.environment(Color.BLUE).orElseThrow().scaling().minWorkers())
                .isEqualTo(1);
        assertThat(state.environment(Color.BLUE).orElseThrow().runtime())
                .isEqualTo(new RuntimeSettings(1, 1, new Batching(16, 500), 1L << 20, 1L << 20));
        assertThat(answer.json().get("configuration").toString())
                .contains(
                        "\"maxBatchRows\":16,\"batchDelay\":\"500us\",\"responseCache\":\"1MiB\",\"requestRate\":50,\"requestBurst\":75");
    }

    @Test
    void aDeletedEndpointLeavesTheCellAndItsNameGoesOnWithHigherGenerations() {
        serving();

        assertThat(admin.delete(path()).status()).isEqualTo(204);

        await(() -> gateway.state().endpoint(name).isEmpty());
        assertThat(admin.get(path()).status()).isEqualTo(404);
        assertThat(put("2").status()).isEqualTo(201);
        awaitEnd(openOrLast());
        assertThat(endpoint().path("generation").asLong()).isEqualTo(2);
        await(() -> gateway.state()
                .endpoint(name)
                .map(state -> state.generation() == 2)
                .orElse(false));
        assertThat(gateway.state().refused()).isEmpty();
    }

    @Test
    void theStateThatFollowedEveryChangeIsTheOneReadFromScratch() throws Exception {
        serving();
        awaitEnd(begun(roll("2", ",\"bake\":\"0s\"")));
        await(() -> gateway.state().endpoint(name).orElseThrow().generation() == 2);
        var plane = new ControlPlane(URI.create(server.as("").base()), cell.region, PlatformServer.CELL_KEY);

        await(() -> {
            CellState followed = gateway.state();
            CellState scratch = CellState.empty(cell.region).apply(plane.state(0));
            return followed.revision() == scratch.revision()
                    && followed.checksum().equals(scratch.checksum());
        });
    }

    @Test
    void aStandbyCanBeRetiredEarly() {
        serving();
        awaitEnd(begun(roll("2", ",\"bake\":\"0s\"")));

        assertThat(admin.delete(path() + "/standby").status()).isEqualTo(204);

        await(() -> endpoint()
                .path("environments")
                .path("blue")
                .path("state")
                .asString()
                .equals("EMPTY"));
        assertThat(admin.delete(path() + "/standby").status()).isEqualTo(204);
    }

    @Test
    void anInferenceKeyReachesTheCellAndIsGoneFromItOnceRevoked() {
        serving();

        JsonNode key = admin.post("/api/v1/api-keys", "{\"name\":\"caller\",\"role\":\"inference\"}")
                .json();

        String id = key.path("key").path("id").asString();
        assertThat(id).as(key.toString()).isNotEmpty();
        await(() -> gateway.state().inferenceKeys().stream()
                .anyMatch(known -> known.id().equals(id)));
        admin.delete("/api/v1/api-keys/" + id);
        await(() -> gateway.state().inferenceKeys().stream()
                .noneMatch(known -> known.id().equals(id)));
    }

    @Test
    void gatewaysAndWorkersAreShownWithTheirLag() {
        serving();

        await(() -> admin.get("/api/v1/gateways")
                .json()
                .path("items")
                .valueStream()
                .anyMatch(item -> item.path("region").asString().equals(cell.region)
                        && item.path("live").asBoolean()
                        && item.path("lag").asLong() == 0));
        assertThat(admin.get("/api/v1/workers")
                        .json()
                        .path("fleets")
                        .valueStream()
                        .filter(fleet -> fleet.path("region").asString().equals(cell.region)))
                .hasSize(1);
    }

    @Test
    void aCellFetchesAnArtifactByItsDigestAndNotOnceItsBytesHaveChanged() throws Exception {
        members();
        byte[] bytes = ("model of " + name).getBytes(UTF_8);
        String digest = Digests.of(bytes);
        Path file = server.bean(ContentStore.class).path(digest);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        Api asCell = server.as(PlatformServer.CELL_KEY);
        String path = "/cell/v1/" + cell.region + "/artifacts/" + digest;

        assertThat(asCell.get(path).response().body()).isEqualTo(bytes);
        assertThat(server.as("").get(path).status()).isEqualTo(401);
        Files.write(file, "something else".getBytes(UTF_8));
        assertThat(asCell.get(path).status()).isEqualTo(404);
        assertThat(asCell.get("/cell/v1/nowhere/state").code()).isEqualTo("UNKNOWN_REGION");
    }

    @Test
    void anOlderReportChangesNothing() throws Exception {
        members();
        gateway.close();
        var plane = new ControlPlane(URI.create(server.as("").base()), cell.region, PlatformServer.CELL_KEY);

        plane.report("late", report(7, 5));
        plane.report("late", report(6, 4));

        assertThat(count("select revision from cell_member where id = 'late'")).isEqualTo(5);
    }

    private static MemberReport report(long sequence, long revision) {
        return new MemberReport(
                MemberKind.GATEWAY,
                "i",
                sequence,
                "test",
                "http://127.0.0.1:1",
                revision,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void aCrashBeforeOrAfterAnyCommitOfARolloutIsContinuedByTheNextLook() {
        serving();
        Set<String> crashed = ConcurrentHashMap.newKeySet();
        String mine = name;
        ApplicationListener<PayloadApplicationEvent<RolloutMoved>> crash = event -> {
            String state = database.sql("""
                            select e.name || ' ' || (r.detail ->> 'is') || ' ' || r.version from rollout r join endpoint e on e.id = r.endpoint_id
                            where r.id = ?""")
                    .param(event.getPayload().id())
                    .query(String.class)
                    .single();
            if (!state.startsWith(mine + " ") || state.contains(" Pending ")) {
                return;
            }
            if (crashed.add(state + " before")) {
                throw new StaleRollout("crash before the commit of " + state);
            }
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    if (crashed.add(state + " after")) {
                        throw new StaleRollout("crash after the commit of " + state);
                    }
                }
            });
        };
        ApplicationEventMulticaster events = server.bean(ApplicationEventMulticaster.class);
        events.addApplicationListener(crash);
        try {
            // Held first, so that no crash falls into the command that begins it
            String id = "";
            while (id.isEmpty()) {
                Answer answer = roll("2", ",\"bake\":\"0s\"");
                id = answer.status() == 201
                        ? answer.json().path("id").asString()
                        : answer.status() == 409 ? openOrLast() : "";
            }
            JsonNode ended = awaitEnd(id);

            assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
            assertThat(ended.path("timeline")
                            .valueStream()
                            .map(step -> step.path("to").asString()))
                    .as("each transition once")
                    .containsExactly(
                            "PENDING",
                            "PROVISIONING",
                            "WARMING",
                            "TESTING",
                            "SHADOWING",
                            "SWITCHING_PREPARING",
                            "SWITCHING_COMMITTED",
                            "BAKING",
                            "SUCCEEDED");
            assertThat(endpoint().path("generation").asLong()).isEqualTo(2);
            assertThat(crashed.stream().filter(at -> at.endsWith("before"))).hasSizeGreaterThanOrEqualTo(8);
            assertThat(crashed.stream().filter(at -> at.endsWith("after"))).hasSizeGreaterThanOrEqualTo(7);
        } finally {
            events.removeApplicationListener(crash);
        }
    }

    @Test
    void givenTheDatabaseCutsAllConnectionsAgainAndAgainTheRolloutEndsAllTheSame() {
        serving();
        String id = begun(roll("2", ",\"bake\":\"1s\",\"standby\":\"1h\""));
        TestDatabase own = server.database();
        for (int i = 0; i < 5; i++) {
            try (Connection connection = DriverManager.getConnection(own.jdbcUrl(), own.user(), own.password());
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        await(() -> {
            Answer answer = admin.get("/api/v1/rollouts/" + id);
            return answer.status() == 200 && answer.json().path("ended").asBoolean();
        });
        assertThat(rollout(id).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(2);
    }

    @Test
    void twoControlPlanesOnOneDatabaseMoveARolloutOnceAndBothTellTheCell() {
        serving();
        try (PlatformServer second =
                PlatformServer.start(server.database(), server.home(), Map.of("platform.cells.regions", cell.region))) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> second.as(server.adminKey()).get(path()).status() == 200);
            Api other = second.as(server.adminKey());
            for (String version : List.of("2", "1", "2")) {
                Answer begun = other.post(path() + "/rollouts", "{\"version\":\"" + version + "\",\"bake\":\"0s\"}");
                JsonNode ended = awaitEnd(begun(begun));
                assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
                assertThat(ended.path("timeline").size()).isEqualTo(9);
            }
        }
        assertThat(endpoint().path("generation").asLong()).isEqualTo(4);
    }
}
