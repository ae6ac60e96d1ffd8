package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.InferenceKey;
import dev.teal.protocol.cell.Route;
import grpc.health.v1.HealthCheckRequest;
import grpc.health.v1.HealthCheckResponse;
import grpc.health.v1.HealthCheckResponse.ServingStatus;
import grpc.health.v1.HealthGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcHealthTest {
    private final GatewayFixture gateway = new GatewayFixture();
    private final List<ManagedChannel> channels = new ArrayList<>();

    @BeforeEach
    void start() {
        // Ready from here on, whatever becomes of the control plane
        gateway.startWithGrpc().inForce(gateway.controlPlane.publish(States.blueOnly("other", 1, States.LIMITS)));
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        gateway.close();
    }

    private ManagedChannel channel() {
        ManagedChannel channel = gateway.grpcChannel().build();
        channels.add(channel);
        return channel;
    }

    /** What a watch has been told. */
    private static final class Told implements ClientResponseObserver<HealthCheckRequest, HealthCheckResponse> {
        private final List<ServingStatus> statuses = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Status> end = new CompletableFuture<>();
        private ClientCallStreamObserver<HealthCheckRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<HealthCheckRequest> begun) {
            call = begun;
        }

        @Override
        public void onNext(HealthCheckResponse response) {
            statuses.add(response.getStatus());
        }

        @Override
        public void onError(Throwable problem) {
            end.complete(Status.fromThrowable(problem));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        void await(ServingStatus... told) {
            org.awaitility.Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(statuses).containsExactly(told));
        }
    }

    private static Told watch(ManagedChannel channel, String service) {
        Told told = new Told();
        HealthGrpc.newStub(channel)
                .watch(HealthCheckRequest.newBuilder().setService(service).build(), told);
        return told;
    }

    private static EndpointState endpoint(long generation, EnvironmentPhase phase, Route route) {
        return new EndpointState(
                "fraud",
                generation,
                route,
                null,
                States.LIMITS,
                States.environment("fraud", Color.BLUE, "1", phase),
                null);
    }

    @Test
    void givenAWatchItIsToldOfEachChangeAndOfNothingElse() {
        Told server = watch(channel(), "");
        Told service = watch(channel(), "inference.GRPCInferenceService");
        Told model = watch(channel(), "fraud");
        server.await(ServingStatus.SERVING);
        service.await(ServingStatus.SERVING);
        model.await(ServingStatus.SERVICE_UNKNOWN);

        gateway.controlPlane.publish(endpoint(1, EnvironmentPhase.LOADING, Route.NOWHERE));
        model.await(ServingStatus.SERVICE_UNKNOWN, ServingStatus.NOT_SERVING);
        gateway.controlPlane.publish(endpoint(2, EnvironmentPhase.ACTIVE, Route.allTo(Color.BLUE)));
        model.await(ServingStatus.SERVICE_UNKNOWN, ServingStatus.NOT_SERVING, ServingStatus.SERVING);

        server.await(ServingStatus.SERVING);
        service.await(ServingStatus.SERVING);
        assertThat(model.end).isNotDone();
    }

    @Test
    void givenTheGatewayStopsItsWatchersAreToldAndDoNotHoldItUp() {
        Told server = watch(channel(), "");
        server.await(ServingStatus.SERVING);
        long startNanos = System.nanoTime();

        gateway.stop();

        assertThat(server.end).succeedsWithin(LONG).extracting(Status::getCode).isEqualTo(Status.Code.UNAVAILABLE);
        server.await(ServingStatus.SERVING, ServingStatus.NOT_SERVING);
        assertThat(System.nanoTime() - startNanos).isLessThan(20_000_000_000L);
    }

    @Test
    void givenAModelWhoseKeyTheCallerDoesNotHaveItIsNotTold() {
        gateway.controlPlane.keys(new InferenceKey("aaaaaaaaaaaa", Digests.of("s".repeat(43)), null));
        gateway.inForce(gateway.controlPlane.publish(
                States.blueOnly("locked", 1, new EndpointLimits(20_000, 1_000_000, true))));

        Told locked = watch(channel(), "locked");

        assertThat(locked.end).succeedsWithin(LONG).extracting(Status::getCode).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(locked.statuses).isEmpty();
    }

    @Test
    void givenAThousandWatchesTheNextIsRefusedUntilOneEnds() {
        List<Told> open = new ArrayList<>();
        for (int c = 0; c < 10; c++) {
            ManagedChannel channel = channel();
            for (int i = 0; i < 100; i++) {
                open.add(watch(channel, ""));
            }
        }
        await().atMost(LONG).until(() -> open.stream().allMatch(told -> told.statuses.size() == 1));

        ManagedChannel another = channel();
        assertThat(watch(another, "").end)
                .succeedsWithin(LONG)
                .satisfies(status -> assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED))
                .satisfies(status -> assertThat(status.getDescription()).contains("too many watches"));

        open.getFirst().call.cancel("enough", null);
        await().atMost(LONG).until(() -> {
            Told told = watch(another, "");
            await().atMost(LONG).until(() -> told.end.isDone() || !told.statuses.isEmpty());
            return !told.statuses.isEmpty();
        });
    }
}
