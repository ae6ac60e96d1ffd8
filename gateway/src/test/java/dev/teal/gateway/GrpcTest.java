package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.teal.gateway.fake.FakeFleet.Wake;
import dev.teal.gateway.fake.MessageWorker;
import dev.teal.gateway.fake.States;
import dev.teal.gateway.grpc.GrpcServer;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.InferenceKey;
import grpc.health.v1.HealthCheckRequest;
import grpc.health.v1.HealthCheckResponse.ServingStatus;
import grpc.health.v1.HealthGrpc;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelConfigRequest;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.ModelStatisticsRequest;
import inference.ModelStreamInferResponse;
import inference.RepositoryIndexRequest;
import inference.RepositoryModelLoadRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class GrpcTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        gateway.controlPlane.publish(States.both("two", 3, Color.BLUE));
        gateway.start("--gateway.grpc-port=" + Ports.free());
        int port = gateway.context().getBean(GrpcServer.class).port();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(16 << 20)
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        gateway.close();
    }

    private static GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub(String... metadata) {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(metadata)));
    }

    private static Metadata metadata(String... pairs) {
        Metadata metadata = new Metadata();
        for (int i = 0; i < pairs.length; i += 2) {
            metadata.put(key(pairs[i]), pairs[i + 1]);
        }
        return metadata;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static Status status(ThrowingCallable call) {
        AtomicReference<Status> status = new AtomicReference<>();
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> status.set(e.getStatus()));
        return status.get();
    }

    private static ModelInferRequest request(String model, String id, int bytes) {
        return ModelInferRequest.newBuilder()
                .setModelName(model)
                .setId(id)
                .addRawInputContents(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    /** An endpoint that sleeps until it is called, and the worker that wakes. */
    private static MessageWorker sleeping(String endpoint, EndpointLimits limits) {
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly(endpoint, 1, limits)));
        MessageWorker worker = gateway.messageWorker(endpoint, Color.BLUE, "1");
        gateway.fleet.onWake(States.environmentId(endpoint, Color.BLUE), _ -> new Wake.Ready(worker.address()));
        return worker;
    }

    @Test
    void givenASleepingEndpointTheFirstMessageWakesItAndIsAnswered() {
        try (MessageWorker worker = sleeping("cold", States.LIMITS)) {
            AtomicReference<Metadata> head = new AtomicReference<>();

            ModelInferResponse answer = stub().withInterceptors(
                            MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()))
                    .modelInfer(request("cold", "a", 500_000));

            assertThat(answer.getId()).isEqualTo("a");
            assertThat(answer.getRawOutputContents(0).size()).isEqualTo(500_000);
            assertThat(head.get().get(key("teal-color"))).isEqualTo("blue");
            assertThat(head.get().get(key("teal-version"))).isEqualTo("1");
            assertThat(head.get().get(key("teal-generation"))).isEqualTo("1");
            assertThat(head.get().get(key("teal-digest"))).isEqualTo(States.digest("1"));
            assertThat(gateway.fleet.wakes(States.environmentId("cold", Color.BLUE)))
                    .isEqualTo(1);
            assertThat(worker.address().digest()).isEqualTo(States.digest("1"));
        }
    }

    @Test
    void givenTwoColorsMetadataChoosesTheOther() {
        try (MessageWorker green = gateway.messageWorker("two", Color.GREEN, "2")) {
            gateway.fleet.onWake(States.environmentId("two", Color.GREEN), _ -> new Wake.Ready(green.address()));
            AtomicReference<Metadata> head = new AtomicReference<>();

            stub("teal-color", "green")
                    .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()))
                    .modelInfer(request("two", "", 1));

            assertThat(head.get().get(key("teal-version"))).isEqualTo("2");
            assertThat(status(() -> stub("teal-color", "red").modelInfer(request("two", "", 1)))
                            .getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(status(() -> stub().modelInfer(request("two", "", 1).toBuilder()
                                    .setModelVersion("9")
                                    .build()))
                            .getDescription())
                    .startsWith("Request for unknown model: 'two' version 9 is not found");
        }
    }

    @Test
    void givenAnUnknownModelItIsSaidInTheProtocolsWords() {
        Status unknown = status(() -> stub().modelInfer(request("nobody", "", 1)));

        assertThat(unknown.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(unknown.getDescription()).isEqualTo("Request for unknown model: 'nobody' is not found");
        assertThat(status(() -> stub().modelInfer(request("", "", 1))).getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void givenTheWorkerAnswersWithAnErrorItsWordsAndItsKindPass() {
        try (MessageWorker worker = sleeping("failing", States.LIMITS).status(500)) {
            Status failed = status(() -> stub().modelInfer(request("failing", "", 1)));
            worker.status(400);
            Status invalid = status(() -> stub().modelInfer(request("failing", "", 1)));

            assertThat(failed.getCode()).isEqualTo(Status.Code.INTERNAL);
            assertThat(failed.getDescription()).isEqualTo("the model failed: why");
            assertThat(invalid.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void givenAMessageOverTheEndpointsLimitItIsRefusedWithTheLimit() {
        try (MessageWorker worker = sleeping("small", new EndpointLimits(20_000, 1_000, false))) {
            Status large = status(() -> stub().modelInfer(request("small", "", 2_000)));

            assertThat(large.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(large.getDescription()).contains("limit of 1000 bytes");
            assertThat(stub().modelInfer(request("small", "b", 10)).getId()).isEqualTo("b");
            assertThat(worker.atOnce()).isZero();
        }
    }

    @Test
    void givenADeadlineTheWorkerIsToldWhatIsLeftOfIt() {
        try (MessageWorker worker = sleeping("timed", States.LIMITS)) {
            GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .modelInfer(request("timed", "", 1));
            assertThat(Long.parseLong(worker.deadlines().poll())).isBetween(1L, 5_000L);

            worker.pace(_ -> Mono.never());
            Status late = status(() -> GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                    .modelInfer(request("timed", "", 1)));

            assertThat(late.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            await().atMost(LONG).until(() -> worker.atOnce() == 0);
        }
    }

    @Test
    void givenTheClientCancelsTheWorkerIsLeft() {
        try (MessageWorker worker = sleeping("cancelled", States.LIMITS).pace(_ -> Mono.never())) {
            var call = GRPCInferenceServiceGrpc.newFutureStub(channel).modelInfer(request("cancelled", "", 1));
            await().atMost(LONG).until(() -> worker.atOnce() == 1);

            call.cancel(true);

            await().atMost(LONG).until(() -> worker.atOnce() == 0);
        }
    }

    @Test
    void givenAStreamAnswersComeInOrderAndErrorsWithin() {
        Sinks.One<String> first = Sinks.one();
        try (MessageWorker worker = sleeping("streamed", States.LIMITS)
                .pace(asked -> asked.getId().equals("0") ? first.asMono() : Mono.empty())) {
            List<ModelStreamInferResponse> answers = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> done = new CompletableFuture<>();

            var stream = GRPCInferenceServiceGrpc.newStub(channel).modelStreamInfer(collector(answers, done));
            for (int n = 0; n < 60; n++) {
                stream.onNext(request(n == 7 ? "nobody" : "streamed", String.valueOf(n), 10));
            }
            stream.onCompleted();
            await().atMost(LONG).until(() -> worker.deadlines().size() >= 2);
            assertThat(answers).isEmpty();
            first.tryEmitValue("go");

            done.orTimeout(30, TimeUnit.SECONDS).join();
            assertThat(answers).hasSize(60);
            for (int n = 0; n < 60; n++) {
                if (n == 7) {
                    assertThat(answers.get(n).getErrorMessage()).contains("'nobody' is not found");
                } else {
                    assertThat(answers.get(n).getInferResponse().getId()).isEqualTo(String.valueOf(n));
                }
            }
        }
    }

    private static StreamObserver<ModelStreamInferResponse> collector(
            List<ModelStreamInferResponse> answers, CompletableFuture<Void> done) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ModelStreamInferResponse value) {
                answers.add(value);
            }

            @Override
            public void onError(Throwable problem) {
                done.completeExceptionally(problem);
            }

            @Override
            public void onCompleted() {
                done.complete(null);
            }
        };
    }

    @Test
    void givenAKeyIsNeededItIsAskedForBeforeAnythingIsTold() {
        String secret = "s".repeat(43);
        gateway.controlPlane.keys(new InferenceKey("aaaaaaaaaaaa", Digests.of(secret), null));
        try (MessageWorker worker = sleeping("locked", new EndpointLimits(20_000, 1_000_000, true))) {
            Status without = status(() -> stub().modelInfer(request("locked", "", 1)));
            ModelInferResponse with =
                    stub("authorization", "Bearer teal_aaaaaaaaaaaa_" + secret).modelInfer(request("locked", "k", 1));

            assertThat(without.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(with.getId()).isEqualTo("k");
            assertThat(stub().repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                            .getModelsList())
                    .noneMatch(model -> model.getName().equals("locked"));
            assertThat(worker.deadlines()).hasSize(1);
        }
    }

    @Test
    void serverAndModelsAreDescribedWithoutWakingAnything() {
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly("asleep", 1, States.LIMITS)));
        gateway.fleet.onWake(States.environmentId("asleep", Color.BLUE), _ -> new Wake.Problem(503, "no"));

        assertThat(stub().serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        assertThat(stub().serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getExtensionsList())
                .contains("statistics", "model_configuration");
        assertThat(stub().modelReady(
                                ModelReadyRequest.newBuilder().setName("asleep").build())
                        .getReady())
                .isTrue();
        assertThat(stub().modelMetadata(ModelMetadataRequest.newBuilder()
                                .setName("asleep")
                                .build())
                        .getInputs(0)
                        .getShapeList())
                .containsExactly(-1L, 30L);
        assertThat(stub().modelConfig(ModelConfigRequest.newBuilder()
                                .setName("asleep")
                                .build())
                        .getConfig()
                        .getInstanceGroup(0)
                        .getCount())
                .isEqualTo(2);
        assertThat(stub().modelStatistics(ModelStatisticsRequest.newBuilder()
                                .setName("asleep")
                                .build())
                        .getModelStats(0)
                        .getInferenceCount())
                .isZero();
        assertThat(stub().repositoryIndex(RepositoryIndexRequest.newBuilder()
                                .setReady(true)
                                .build())
                        .getModelsList())
                .anyMatch(model ->
                        model.getName().equals("asleep") && model.getState().equals("READY"));
        assertThat(gateway.fleet.wakes(States.environmentId("asleep", Color.BLUE)))
                .isZero();
        assertThat(status(() -> stub().modelMetadata(ModelMetadataRequest.newBuilder()
                                .setName("x")
                                .build()))
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void healthIsThatOfTheGatewayAndOfEndpoints() {
        var health = HealthGrpc.newBlockingStub(channel);

        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(health.check(HealthCheckRequest.newBuilder()
                                .setService("two")
                                .build())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(status(() -> health.check(
                                HealthCheckRequest.newBuilder().setService("x").build()))
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void whatThePlatformDoesIsRefusedWithTheWay() {
        Status load = status(() -> stub().repositoryModelLoad(RepositoryModelLoadRequest.getDefaultInstance()));

        assertThat(load.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(load.getDescription()).contains("POST /api/v1/endpoints/{name}/rollouts");
    }

    @Test
    void givenNoWorkerCanBeStartedTheFleetsReasonComesWithWhenToAskAgain() {
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly("stuck", 1, States.LIMITS)));
        gateway.fleet.onWake(States.environmentId("stuck", Color.BLUE), _ -> new Wake.Problem(503, "no memory for it"));

        assertThatThrownBy(() -> stub().modelInfer(request("stuck", "", 1)))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(e.getStatus().getDescription()).contains("no memory for it");
                    assertThat(e.getTrailers().get(key("grpc-retry-pushback-ms")))
                            .isNotNull();
                });
    }

    @Test
    void givenTheGatewayStopsWhatIsInFlightIsAnswered() {
        try (GatewayFixture stopping = new GatewayFixture()) {
            stopping.controlPlane.publish(States.blueOnly("last", 1, States.LIMITS));
            stopping.start("--gateway.grpc-port=" + Ports.free());
            Sinks.One<String> go = Sinks.one();
            try (MessageWorker worker =
                    stopping.messageWorker("last", Color.BLUE, "1").pace(_ -> go.asMono())) {
                stopping.fleet.onWake(States.environmentId("last", Color.BLUE), _ -> new Wake.Ready(worker.address()));
                ManagedChannel own = NettyChannelBuilder.forAddress(
                                "127.0.0.1",
                                stopping.context().getBean(GrpcServer.class).port())
                        .usePlaintext()
                        .build();
                var answer = GRPCInferenceServiceGrpc.newFutureStub(own).modelInfer(request("last", "z", 1));
                await().atMost(LONG).until(() -> worker.atOnce() == 1);

                CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::stop);
                await().atMost(LONG).until(() -> own.getState(false) != io.grpc.ConnectivityState.READY);
                go.tryEmitValue("go");

                assertThat(answer)
                        .succeedsWithin(LONG)
                        .satisfies(last -> assertThat(last.getId()).isEqualTo("z"));
                stopped.orTimeout(40, TimeUnit.SECONDS).join();
                own.shutdownNow();
            }
        }
    }
}
