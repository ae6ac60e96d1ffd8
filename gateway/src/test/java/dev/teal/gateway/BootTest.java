package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GatewayFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.gateway.fake.States;
import dev.teal.gateway.route.Routes;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.InferenceKey;
import dev.teal.protocol.cell.MemberKind;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class BootTest {
    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void givenTheControlPlaneIsDownAGatewayServesFromItsDisk() {
        FakeWorker worker = gateway.worker("fraud", Color.BLUE, "1");
        gateway.fleet.list(worker.address());
        gateway.controlPlane.publish(States.both("fraud", 4, Color.BLUE));
        gateway.start().inForce(1);
        gateway.stop();
        gateway.controlPlane.close();

        gateway.start();

        assertThat(gateway.get("/v2/health/ready").statusCode()).isEqualTo(200);
        HttpResponse<String> answer = gateway.infer("fraud", "{}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Teal-Generation")).isEqualTo("4");
    }

    @Test
    void givenTheFleetGoesAwayTheLastListServes() {
        gateway.startServing("fraud");
        assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(200);

        gateway.fleet.close();
        await().atMost(LONG).until(() -> gateway.meter("gateway.fleet.reached") == 0);

        assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void givenNeitherAStateNorAControlPlaneTheGatewayIsAliveButNotReady() {
        gateway.controlPlane.close();
        gateway.start();

        assertThat(gateway.get("/v2/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = gateway.get("/v2/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(header(ready, "Retry-After")).isEqualTo("1");
    }

    @Test
    void givenACellWithNothingInItTheGatewayIsReadyAndTakesTheFirstEndpoint() {
        gateway.start();
        await().atMost(LONG).until(() -> gateway.get("/v2/health/ready").statusCode() == 200);

        gateway.inForce(gateway.controlPlane.publish(States.both("fraud", 1, Color.BLUE)));

        assertThat(gateway.get("/v2/models/fraud/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void givenAnOlderRevisionTheTableInUseStaysAlsoAfterARestart() {
        FakeWorker worker = gateway.worker("fraud", Color.BLUE, "1");
        FakeWorker green = gateway.worker("fraud", Color.GREEN, "2");
        gateway.fleet.list(worker.address(), green.address());
        gateway.controlPlane.publish(States.both("fraud", 4, Color.BLUE));
        gateway.start().inForce(gateway.controlPlane.publish(States.both("fraud", 5, Color.GREEN)));
        gateway.stop();

        gateway.controlPlane.publish(States.both("fraud", 4, Color.BLUE));
        gateway.controlPlane.restoreRevision(1);
        gateway.start();
        await().atMost(LONG).until(() -> gateway.meter("gateway.control.plane.reached") == 1);

        assertThat(gateway.context().getBean(Routes.class).current().revision()).isEqualTo(2);
        assertThat(header(gateway.infer("fraud", "{}"), "Teal-Generation")).isEqualTo("5");
    }

    @Test
    void givenABadEntryThatEndpointStaysAndTheOthersGoOn() {
        FakeWorker worker = gateway.worker("good", Color.BLUE, "1");
        FakeWorker bad = gateway.worker("bad", Color.BLUE, "1");
        gateway.fleet.list(worker.address(), bad.address());
        gateway.controlPlane.publish(States.both("good", 1, Color.BLUE));
        gateway.controlPlane.publish(States.both("bad", 1, Color.BLUE));
        gateway.start().inForce(2);

        gateway.controlPlane.publish(
                "bad",
                Json.MAPPER.readTree(
                        "{\"name\":\"bad\",\"generation\":2,\"route\":{\"bluePercent\":70,\"greenPercent\":70}}"));
        gateway.inForce(gateway.controlPlane.publish(States.both("good", 2, Color.BLUE)));

        assertThat(header(gateway.infer("good", "{}"), "Teal-Generation")).isEqualTo("2");
        assertThat(header(gateway.infer("bad", "{}"), "Teal-Generation")).isEqualTo("1");
        await().atMost(LONG)
                .until(() -> gateway.controlPlane.report() != null
                        && gateway.controlPlane.report().refused().stream()
                                .anyMatch(entry -> entry.endpoint().equals("bad") && entry.generation() == 2));
        assertThat(gateway.controlPlane.report().kind()).isEqualTo(MemberKind.GATEWAY);
        assertThat(gateway.controlPlane.report().address()).isEqualTo("http://localhost");
        assertThat(gateway.controlPlane.report().checksum()).startsWith("sha256:");
    }

    @Test
    void givenAStopWhatIsInFlightIsFinished() {
        Sinks.Empty<Void> go = Sinks.empty();
        FakeWorker worker = gateway.worker("fraud", Color.BLUE, "1").script(_ -> new Act.AnswerLater(go.asMono()));
        gateway.fleet.list(worker.address());
        gateway.controlPlane.publish(States.both("fraud", 1, Color.BLUE));
        gateway.start().inForce(1);
        CompletableFuture<HttpResponse<String>> inFlight = gateway.inferAsync("fraud", "{}");
        await().atMost(LONG).until(() -> worker.requests() == 1);
        int port = gateway.port();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::stop);
        await().atMost(LONG).until(() -> refusesConnections(port));
        go.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

        assertThat(inFlight.join().statusCode()).isEqualTo(200);
        stopped.join();
    }

    private static boolean refusesConnections(int port) {
        try (var _ = new java.net.Socket("127.0.0.1", port)) {
            return false;
        } catch (java.io.IOException e) {
            return true;
        }
    }

    @Test
    void givenACallerFromElsewhereAKeyOfTheStateDocumentIsNeeded() {
        FakeWorker worker = gateway.worker("fraud", Color.BLUE, "1");
        gateway.fleet.list(worker.address());
        gateway.controlPlane.publish(States.both("fraud", 1, Color.BLUE));
        String secret = "S".repeat(43);
        gateway.controlPlane.keys(
                new InferenceKey("aaaaaaaaaaaa", Digests.of(secret), null),
                new InferenceKey("bbbbbbbbbbbb", Digests.of(secret), Instant.EPOCH));
        gateway.start("--test.peer=192.0.2.1").inForce(2);

        assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(401);
        assertThat(gateway.get("/v2/models/nobody").statusCode()).isEqualTo(401);
        assertThat(gateway.get("/v2").statusCode()).isEqualTo(401);
        assertThat(gateway.get("/v2/health/ready").statusCode()).isEqualTo(200);
        assertThat(with("Bearer teal_aaaaaaaaaaaa_" + secret)).isEqualTo(200);
        assertThat(with("Bearer teal_aaaaaaaaaaaa_" + "T".repeat(43))).isEqualTo(401);
        assertThat(with("Bearer teal_cccccccccccc_" + secret)).isEqualTo(401);
        assertThat(with("Bearer teal_bbbbbbbbbbbb_" + secret)).as("expired").isEqualTo(401);
        assertThat(with("Bearer nonsense")).isEqualTo(401);
        assertThat(with("Basic teal_aaaaaaaaaaaa_" + secret)).isEqualTo(401);
    }

    private int with(String authorization) {
        return gateway.infer("fraud", "{}", "Authorization", authorization).statusCode();
    }

    @Test
    void givenNoKeyFileTheStartSaysSo() {
        assertThatThrownBy(() -> gateway.start("--gateway.key-file=/nowhere/cell.key"))
                .rootCause()
                .hasMessageContaining("/nowhere/cell.key");
    }

    @Test
    void givenABlockingCallOnAnEventLoopBlockHoundStopsIt() {
        assertThatThrownBy(() -> Mono.fromRunnable(() -> new java.util.concurrent.Semaphore(0).acquireUninterruptibly())
                        .subscribeOn(Schedulers.parallel())
                        .block())
                .matches(problem -> Exceptions.unwrap(problem) instanceof BlockingOperationError);
    }
}
