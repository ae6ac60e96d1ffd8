package dev.teal.worker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.Cases;
import dev.teal.protocol.Refusal;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.run.Failure;
import grpc.health.v1.HealthCheckRequest;
import grpc.health.v1.HealthCheckResponse.ServingStatus;
import grpc.health.v1.HealthGrpc;
import inference.ModelConfigRequest;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.ModelStatisticsRequest;
import inference.RepositoryIndexRequest;
import inference.RepositoryModelLoadRequest;
import inference.RepositoryModelUnloadRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import inference.SystemSharedMemoryStatusRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcFrontTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final FrontFixture fixture = new FrontFixture();

    @AfterEach
    void everythingIsGivenBack() {
        await().atMost(LONG).until(() -> fixture.desk.open.get() == 0 && fixture.desk.unreleased.get() == 0);
        fixture.close();
    }

    private static Tensor floats(int count) {
        ByteBuffer data = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            data.putFloat(i * 4, i);
        }
        return new Tensor("in", Datatype.FP32, new long[] {count}, data);
    }

    private static Status status(ThrowingCallable call) {
        AtomicReference<Status> status = new AtomicReference<>();
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> status.set(e.getStatus()));
        return status.get();
    }

    private static Metadata metadata(String... pairs) {
        Metadata metadata = new Metadata();
        for (int i = 0; i < pairs.length; i += 2) {
            metadata.put(Metadata.Key.of(pairs[i], Metadata.ASCII_STRING_MARSHALLER), pairs[i + 1]);
        }
        return metadata;
    }

    private void assertEchoed(Tensor tensor) {
        ModelInferResponse answer = fixture.stub().modelInfer(FrontFixture.request(tensor));

        assertThat(answer.getModelName()).isEqualTo("m");
        assertThat(answer.getModelVersion()).isEqualTo("7");
        assertThat(answer.getId()).isEqualTo("in");
        assertThat(answer.getOutputs(0).getDatatype())
                .isEqualTo(tensor.datatype().name());
        assertThat(answer.getRawOutputContents(0).asReadOnlyByteBuffer()).isEqualTo(tensor.data());
    }

    @Test
    void tensorsOfAnyKindComeBackAsTheyWent() {
        Cases.forAll(
                300,
                random -> assertEchoed(
                        RandomTensors.next(random, "in", Datatype.values()[random.nextInt(Datatype.values().length)])));
    }

    @Test
    void givenMessagesLargerThanAllWindowsTheyComeBackWhole() {
        assertEchoed(floats(9_000));
        assertEchoed(floats(1_000_000));
    }

    @Test
    void givenACompressedMessageItIsReadAlike() {
        Tensor tensor = floats(50_000);

        ModelInferResponse answer = fixture.stub().withCompression("gzip").modelInfer(FrontFixture.request(tensor));

        assertThat(answer.getRawOutputContents(0).asReadOnlyByteBuffer()).isEqualTo(tensor.data());
    }

    @Test
    void givenManyStreamsAtOnceEachGetsItsOwnAnswer() {
        List<CompletableFuture<ModelInferResponse>> answers = IntStream.range(0, 1_000)
                .mapToObj(n -> {
                    CompletableFuture<ModelInferResponse> answer = new CompletableFuture<>();
                    fixture.async().modelInfer(FrontFixture.request("id-" + n, floats(n)), Collected.one(answer));
                    return answer;
                })
                .toList();

        for (int n = 0; n < answers.size(); n++) {
            ModelInferResponse answer = answers.get(n).join();
            assertThat(answer.getId()).isEqualTo("id-" + n);
            assertThat(answer.getRawOutputContents(0).size()).isEqualTo(n * 4);
        }
    }

    @Test
    void givenAMessageOverTheLimitItIsRefusedWithTheLimit() {
        Status refused = status(() -> fixture.stub().modelInfer(FrontFixture.request(floats(2_000_000))));
        Status unpacked =
                status(() -> fixture.stub().withCompression("gzip").modelInfer(FrontFixture.request(zeros(8 << 20))));

        assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getDescription()).contains("larger than the limit of 4194304 bytes");
        assertThat(unpacked.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(unpacked.getDescription()).contains("larger than the limit of 4194304 bytes");
        assertEchoed(floats(3));
    }

    private static Tensor zeros(int bytes) {
        return new Tensor("in", Datatype.UINT8, new long[] {bytes}, ByteBuffer.allocate(bytes));
    }

    @Test
    void givenAnotherModelOrVersionItIsUnknown() {
        ModelInferRequest request = FrontFixture.request(floats(1));

        Status model = status(() ->
                fixture.stub().modelInfer(request.toBuilder().setModelName("mö").build()));
        Status version = status(() -> fixture.stub()
                .modelInfer(request.toBuilder().setModelVersion("8").build()));

        assertThat(model.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(model.getDescription()).isEqualTo("Request for unknown model: 'mö' is not found");
        assertThat(version.getDescription()).isEqualTo("Request for unknown model: 'm' version 8 is not found");
    }

    @Test
    void givenARefusalItIsToldWithItsReason() {
        fixture.desk.gate = _ -> Failure.refused(Refusal.SATURATED);

        assertThatThrownBy(() -> fixture.stub().modelInfer(FrontFixture.request(floats(900_000))))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(e.getStatus().getDescription()).isEqualTo("Exceeds maximum queue size");
                    assertThat(e.getTrailers().get(Metadata.Key.of("teal-refused", Metadata.ASCII_STRING_MARSHALLER)))
                            .isEqualTo("saturated");
                });
        assertThat(fixture.desk.heads.element().announcedBytes()).isGreaterThan(3_600_000);
    }

    @Test
    void whatTheClientSaysOfItsRequestReachesTheDesk() {
        AtomicReference<Metadata> head = new AtomicReference<>();
        var stub = fixture.stub()
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(metadata(
                                "teal-digest", "sha256:d", "teal-deadline-millis", "2500", "teal-proof", "secret")),
                        MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()));

        stub.modelInfer(FrontFixture.request(floats(1)));

        assertThat(fixture.desk.heads).singleElement().satisfies(seen -> {
            assertThat(seen.model()).isEqualTo("m");
            assertThat(seen.digest()).isEqualTo("sha256:d");
            assertThat(seen.proof()).isEqualTo("secret");
            assertThat(seen.deadlineMillis()).isBetween(1L, 2_500L);
        });
        assertThat(head.get().get(Metadata.Key.of("teal-digest", Metadata.ASCII_STRING_MARSHALLER)))
                .startsWith("sha256:aaa");
    }

    @Test
    void givenTheClientCancelsTheCallIsLost() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        fixture.desk.pace = _ -> never;
        var call = io.grpc.stub.ClientCalls.futureUnaryCall(
                fixture.channel.newCall(
                        inference.GRPCInferenceServiceGrpc.getModelInferMethod(), io.grpc.CallOptions.DEFAULT),
                FrontFixture.request(floats(1)));
        await().atMost(LONG).until(() -> fixture.desk.requests.size() == 1);

        call.cancel(true);

        await().atMost(LONG).until(() -> fixture.desk.lost.get() == 1);
        never.complete(null);
    }

    @Test
    void givenTheConnectionBreaksItsCallsAreLost() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        fixture.desk.pace = _ -> never;
        ManagedChannel other = fixture.client();
        inference.GRPCInferenceServiceGrpc.newFutureStub(other).modelInfer(FrontFixture.request(floats(1)));
        await().atMost(LONG).until(() -> fixture.desk.requests.size() == 1);

        other.shutdownNow();

        await().atMost(LONG).until(() -> fixture.desk.lost.get() == 1);
        never.complete(null);
    }

    @Test
    void givenTheDeadlinePassesTheCallEnds() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        fixture.desk.pace = _ -> never;

        Status late = status(() -> inference.GRPCInferenceServiceGrpc.newBlockingStub(fixture.channel)
                .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                .modelInfer(FrontFixture.request(floats(1))));

        assertThat(late.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        await().atMost(LONG).until(() -> fixture.desk.open.get() == 0);
        never.complete(null);
    }

    @Test
    void serverAndModelAreDescribed() {
        var stub = fixture.stub();

        assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        assertThat(stub.modelReady(ModelReadyRequest.newBuilder().setName("m").build())
                        .getReady())
                .isTrue();
        assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getExtensionsList())
                .contains("statistics");
        assertThat(stub.modelMetadata(
                                ModelMetadataRequest.newBuilder().setName("m").build())
                        .getInputs(0)
                        .getName())
                .isEqualTo("in");
        assertThat(stub.modelConfig(ModelConfigRequest.newBuilder().setName("m").build())
                        .getConfig()
                        .getBackend())
                .isEqualTo("onnxruntime");
        assertThat(stub.modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                        .getModelStats(0)
                        .getVersion())
                .isEqualTo("7");
        assertThat(stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                        .getModels(0)
                        .getState())
                .isEqualTo("READY");
    }

    @Test
    void givenTheModelIsNotReadyItIsToldAndNotListedAsReady() {
        fixture.desk.ready = false;
        var stub = fixture.stub();

        assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isFalse();
        assertThat(stub.modelReady(ModelReadyRequest.newBuilder().setName("m").build())
                        .getReady())
                .isFalse();
        assertThat(stub.repositoryIndex(RepositoryIndexRequest.newBuilder()
                                .setReady(true)
                                .build())
                        .getModelsCount())
                .isZero();
        assertThatThrownBy(() -> stub.repositoryIndex(RepositoryIndexRequest.newBuilder()
                        .setRepositoryName("r")
                        .build()))
                .hasMessage("UNIMPLEMENTED: there is one repository, which has no name");
        assertThat(HealthGrpc.newBlockingStub(fixture.channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void healthIsThatOfTheServerAndOfTheModel() {
        var health = HealthGrpc.newBlockingStub(fixture.channel);

        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(health.check(HealthCheckRequest.newBuilder().setService("m").build())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(status(() -> health.check(
                                HealthCheckRequest.newBuilder().setService("x").build()))
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void givenAWatchItIsToldOfEachChangeAndEndsWhenTheWorkerDrains() {
        var health = HealthGrpc.newBlockingStub(fixture.channel).withDeadlineAfter(30, TimeUnit.SECONDS);

        var server = health.watch(HealthCheckRequest.getDefaultInstance());
        var nobody =
                health.watch(HealthCheckRequest.newBuilder().setService("x").build());
        assertThat(server.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        assertThat(nobody.next().getStatus()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
        fixture.desk.ready = false;
        assertThat(server.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        fixture.desk.ready = true;
        assertThat(server.next().getStatus()).isEqualTo(ServingStatus.SERVING);

        fixture.front.drain();
        assertThat(status(server::next).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status(nobody::next).getDescription()).contains("the worker drains");
        await().atMost(LONG).until(() -> fixture.channel.getState(false) != io.grpc.ConnectivityState.READY);
    }

    @Test
    void whatThePlatformDoesIsRefusedWithTheWay() {
        Status load = status(() -> fixture.stub().repositoryModelLoad(RepositoryModelLoadRequest.getDefaultInstance()));
        Status unload =
                status(() -> fixture.stub().repositoryModelUnload(RepositoryModelUnloadRequest.getDefaultInstance()));
        Status memory = status(
                () -> fixture.stub().systemSharedMemoryStatus(SystemSharedMemoryStatusRequest.getDefaultInstance()));

        assertThat(List.of(load.getCode(), unload.getCode(), memory.getCode())).containsOnly(Status.Code.UNIMPLEMENTED);
        assertThat(load.getDescription()).contains("POST /api/v1/endpoints/{name}/rollouts");
        assertThat(unload.getDescription()).isEqualTo(load.getDescription());
        assertThat(memory.getDescription()).contains("shared memory is not supported");
    }

    @Test
    void givenAStreamAnswersComeInOrderAndErrorsWithin() throws InterruptedException {
        CountDownLatch later = new CountDownLatch(1);
        fixture.desk.pace = request -> "id-0".equals(request.id())
                ? CompletableFuture.runAsync(() -> {
                    try {
                        later.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                : CompletableFuture.completedFuture(null);
        Collected<inference.ModelStreamInferResponse> answers = new Collected<>();

        var stream = fixture.async().modelStreamInfer(answers);
        for (int n = 0; n < 100; n++) {
            ModelInferRequest request = FrontFixture.request("id-" + n, floats(n));
            stream.onNext(n == 3 ? request.toBuilder().setModelName("x").build() : request);
        }
        stream.onCompleted();
        await().atMost(LONG).until(() -> fixture.desk.calls.size() == 16);
        later.countDown();

        List<inference.ModelStreamInferResponse> all = answers.all();
        assertThat(all).hasSize(100);
        for (int n = 0; n < 100; n++) {
            if (n == 3) {
                assertThat(all.get(n).getErrorMessage()).isEqualTo("Request for unknown model: 'x' is not found");
            }
            assertThat(all.get(n).getInferResponse().getId()).isEqualTo("id-" + n);
        }
    }

    @Test
    void givenTheClientWantsStatusErrorsAStreamEndsAtTheFirst() {
        Collected<inference.ModelStreamInferResponse> answers = new Collected<>();
        var stub = fixture.async()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata("triton_grpc_error", "true")));

        var stream = stub.modelStreamInfer(answers);
        stream.onNext(FrontFixture.request(floats(1)));
        stream.onNext(
                FrontFixture.request(floats(1)).toBuilder().setModelName("x").build());

        assertThatThrownBy(answers::all).hasMessageContaining("NOT_FOUND: Request for unknown model: 'x'");
    }

    @Test
    void givenAStreamAsksForItTheLastAnswerSaysSo() {
        Collected<inference.ModelStreamInferResponse> answers = new Collected<>();

        var stream = fixture.async().modelStreamInfer(answers);
        stream.onNext(FrontFixture.request(floats(1)).toBuilder()
                .putParameters(
                        "triton_enable_empty_final_response",
                        inference.InferParameter.newBuilder().setBoolParam(true).build())
                .build());
        stream.onCompleted();

        assertThat(answers.all()
                        .getFirst()
                        .getInferResponse()
                        .getParametersMap()
                        .get("triton_final_response")
                        .getBoolParam())
                .isTrue();
    }

    @Test
    void givenAStreamIsCancelledItsCallsAreLost() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        fixture.desk.pace = _ -> never;
        Collected<inference.ModelStreamInferResponse> answers = new Collected<>();
        var stream = (io.grpc.stub.ClientCallStreamObserver<ModelInferRequest>)
                fixture.async().modelStreamInfer(answers);
        for (int n = 0; n < 40; n++) {
            stream.onNext(FrontFixture.request(floats(100_000)));
        }
        await().atMost(LONG).until(() -> fixture.desk.requests.size() == 16);

        stream.cancel("enough", null);

        await().atMost(LONG).until(() -> fixture.desk.lost.get() == 16);
        never.complete(null);
    }

    @Test
    void givenAClientThatDoesNotReadItsStreamStopsTaking() {
        SlowReader reader = new SlowReader();
        var stream = (io.grpc.stub.ClientCallStreamObserver<ModelInferRequest>)
                fixture.async().modelStreamInfer(reader);
        List<ModelInferRequest> requests = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            requests.add(FrontFixture.request("id-" + n, floats(250_000)));
        }
        requests.forEach(stream::onNext);
        stream.onCompleted();
        await().atMost(LONG).until(() -> fixture.desk.unreleased.get() >= 10);

        assertThat(fixture.desk.calls.size()).isLessThanOrEqualTo(24);
        reader.readAll();

        assertThat(reader.ids()).hasSize(60).startsWith("id-0", "id-1").endsWith("id-59");
        assertThat(fixture.desk.calls).hasSize(60);
    }

    @Test
    void givenADrainWhatIsInFlightIsAnsweredAndTheConnectionEnds() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        fixture.desk.pace = _ -> answer;
        var call = inference.GRPCInferenceServiceGrpc.newFutureStub(fixture.channel)
                .modelInfer(FrontFixture.request(floats(3)));
        await().atMost(LONG).until(() -> fixture.desk.requests.size() == 1);

        fixture.front.drain();
        answer.complete(null);

        assertThat(call).succeedsWithin(LONG);
        await().atMost(LONG).until(() -> fixture.channel.getState(false) != io.grpc.ConnectivityState.READY);
    }

    @Test
    void givenMemoryRunsOutAtACallItIsTold() {
        CompletableFuture<Throwable> survived = fixture.survived();
        OutOfMemoryError error = new OutOfMemoryError("for a call");
        fixture.desk.gate = _ -> {
            throw error;
        };

        assertThat(status(() -> fixture.stub().modelInfer(FrontFixture.request(floats(1))))
                        .getCode())
                .isNotEqualTo(Status.Code.OK);

        assertThat(survived).succeedsWithin(LONG).isEqualTo(error);
    }

    @Test
    void givenNoHttp2ItIsHttp1() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", fixture.port())) {
            socket.getOutputStream().write("P".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream()
                    .write("OST /v2 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 202");
        }
    }

    @Test
    void givenHeaderFieldsOverTheLimitTheRpcFails() {
        var stub = fixture.stub()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata("x-large", "x".repeat(20_000))));

        assertThat(status(() -> stub.serverLive(ServerLiveRequest.getDefaultInstance()))
                        .getCode())
                .isNotEqualTo(Status.Code.OK);
        assertThat(fixture.stub()
                        .serverLive(ServerLiveRequest.getDefaultInstance())
                        .getLive())
                .isTrue();
    }
}
