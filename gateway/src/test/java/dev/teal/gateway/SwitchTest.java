package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GatewayFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.MemberReport;
import dev.teal.protocol.cell.NextRoute;
import dev.teal.protocol.cell.Prepared;
import dev.teal.protocol.cell.Route;
import dev.teal.protocol.cell.TrafficCount;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SwitchTest {
    private static final int CLIENTS = 8;
    private static final int SWITCHES = 20;

    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private record Seen(int status, String color, String version, long generation, String digest, String body) {
        static Seen of(HttpResponse<String> response) {
            return new Seen(
                    response.statusCode(),
                    header(response, "Teal-Color"),
                    header(response, "Teal-Version"),
                    Long.parseLong(header(response, "Teal-Generation")),
                    header(response, "Teal-Digest"),
                    response.body());
        }
    }

    @Test
    void givenSwitchesUnderLoadNothingFailsAndEachAnswerIsOfTheVersionThatItsGenerationNames() throws Exception {
        FakeWorker blue = gateway.worker("fraud", Color.BLUE, "1");
        FakeWorker green = gateway.tcpWorker("fraud", Color.GREEN, "2");
        gateway.fleet.list(blue.address(), green.address());
        gateway.controlPlane.publish(States.both("fraud", 1, Color.BLUE));
        gateway.start().inForce(1);

        AtomicBoolean stop = new AtomicBoolean();
        List<Seen> seen = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Seen>>> loops = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                loops.add(clients.submit(loop(stop)));
            }
            for (int i = 0; i < SWITCHES; i++) {
                Color live = i % 2 == 0 ? Color.GREEN : Color.BLUE;
                long generation = i + 2L;
                gateway.controlPlane.publish(States.withNext(
                        States.both("fraud", generation - 1, live.other()),
                        new NextRoute(generation, Route.allTo(live))));
                await().atMost(LONG).until(() -> report().prepared().contains(new Prepared("fraud", generation)));
                long revision = gateway.controlPlane.publish(States.both("fraud", generation, live));
                await().atMost(LONG).until(() -> report().revision() >= revision);
            }
            stop.set(true);
            for (Future<List<Seen>> loop : loops) {
                seen.addAll(loop.get());
            }
        }

        assertThat(seen).hasSizeGreaterThan(SWITCHES).allSatisfy(one -> {
            assertThat(one.status()).isEqualTo(200);
            String version = one.generation() % 2 == 1 ? "1" : "2";
            assertThat(one.version()).isEqualTo(version);
            assertThat(one.color()).isEqualTo(version.equals("1") ? "blue" : "green");
            assertThat(one.digest()).isEqualTo(States.digest(version));
            assertThat(one.body()).contains(States.digest(version));
        });
        long counted = seen.size();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(report().traffic())
                        .as("the newest generations alone are told")
                        .hasSizeLessThanOrEqualTo(8)
                        .allSatisfy(count -> {
                            assertThat(count.failures()).isZero();
                            assertThat(count.latency()).isNotNull();
                        }));
        assertThat(report().traffic().stream().mapToLong(TrafficCount::requests).sum())
                .isLessThanOrEqualTo(counted);
    }

    private Callable<List<Seen>> loop(AtomicBoolean stop) {
        return () -> {
            List<Seen> seen = new ArrayList<>();
            while (!stop.get()) {
                seen.add(Seen.of(gateway.infer("fraud", "{\"n\":" + seen.size() + "}")));
            }
            return seen;
        };
    }

    private MemberReport report() {
        await().atMost(LONG).until(() -> gateway.controlPlane.report() != null);
        return gateway.controlPlane.report();
    }

    @Test
    void givenARouteInPrepareWhoseWorkerIsNotReadyItIsRefusedAndPreparedOnceItIs() {
        FakeWorker green = gateway.worker("fraud", Color.GREEN, "2").readiness(503);
        gateway.fleet.list(green.address());
        gateway.controlPlane.publish(
                States.withNext(States.both("fraud", 1, Color.BLUE), new NextRoute(2, Route.allTo(Color.GREEN))));
        gateway.start();

        await().atMost(LONG)
                .until(() -> report().refused().stream()
                        .anyMatch(entry ->
                                entry.generation() == 2 && entry.reason().contains("503")));
        assertThat(report().prepared()).isEmpty();

        green.readiness(200);
        await().atMost(LONG).until(() -> report().prepared().contains(new Prepared("fraud", 2)));
        assertThat(report().refused()).isEmpty();

        gateway.controlPlane.publish(States.both("fraud", 1, Color.BLUE));
        await().atMost(LONG).until(() -> report().prepared().isEmpty());
    }

    @Test
    void givenARouteThatSplitsBothColorsAnswer() {
        FakeWorker blue = gateway.worker("fraud", Color.BLUE, "1");
        FakeWorker green = gateway.worker("fraud", Color.GREEN, "2");
        gateway.fleet.list(blue.address(), green.address());
        var both = States.both("fraud", 1, Color.BLUE);
        gateway.controlPlane.publish(new dev.teal.protocol.cell.EndpointState(
                "fraud", 1, new Route(50, 50, null), null, States.LIMITS, both.blue(), both.green()));
        gateway.start().inForce(1);

        for (int i = 0; i < 100; i++) {
            assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(200);
        }

        assertThat(blue.requests()).isPositive();
        assertThat(green.requests()).isPositive();
        assertThat(blue.requests() + green.requests()).isEqualTo(100);
    }
}
