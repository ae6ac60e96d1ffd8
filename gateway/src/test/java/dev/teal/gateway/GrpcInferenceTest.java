package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GrpcClient.key;
import static dev.teal.gateway.GrpcClient.request;
import static dev.teal.gateway.GrpcClient.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeFleet.Wake;
import dev.teal.gateway.fake.MessageWorker;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EndpointLimits;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** An inference by gRPC, from its message to its answer. */
class GrpcInferenceTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static GrpcClient client;

    @BeforeAll
    static void start() {
        gateway.controlPlane.publish(States.both("two", 3, Color.BLUE));
        gateway.startWithGrpc();
        client = new GrpcClient(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void givenASleepingEndpointTheFirstMessageWakesItAndIsAnswered() {
        try (MessageWorker worker = gateway.sleeping("cold", States.LIMITS)) {
            AtomicReference<Metadata> head = new AtomicReference<>();

            ModelInferResponse answer = client.stub()
                    .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()))
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

            client.stub("teal-color", "green")
                    .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()))
                    .modelInfer(request("two", "", 1));

            assertThat(head.get().get(key("teal-version"))).isEqualTo("2");
            assertThat(status(() -> client.stub("teal-color", "red").modelInfer(request("two", "", 1)))
                            .getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(status(() -> client.stub()
                                    .modelInfer(request("two", "", 1).toBuilder()
                                            .setModelVersion("9")
                                            .build()))
                            .getDescription())
                    .startsWith("Request for unknown model: 'two' version 9 is not found");
        }
    }

    @Test
    void givenAnUnknownModelItIsSaidInTheProtocolsWords() {
        Status unknown = status(() -> client.stub().modelInfer(request("nobody", "", 1)));

        assertThat(unknown.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(unknown.getDescription()).isEqualTo("Request for unknown model: 'nobody' is not found");
        assertThat(status(() -> client.stub().modelInfer(request("", "", 1))).getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void givenTheWorkerAnswersWithAnErrorItsWordsAndItsKindPass() {
        try (MessageWorker worker = gateway.sleeping("failing", States.LIMITS).status(500)) {
            Status failed = status(() -> client.stub().modelInfer(request("failing", "", 1)));
            worker.status(400);
            Status invalid = status(() -> client.stub().modelInfer(request("failing", "", 1)));

            assertThat(failed.getCode()).isEqualTo(Status.Code.INTERNAL);
            assertThat(failed.getDescription()).isEqualTo("the model failed: why");
            assertThat(invalid.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void givenAMessageOverTheEndpointsLimitItIsRefusedWithTheLimit() {
        try (MessageWorker worker = gateway.sleeping("small", new EndpointLimits(20_000, 1_000, false))) {
            Status large = status(() -> client.stub().modelInfer(request("small", "", 2_000)));

            assertThat(large.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(large.getDescription()).contains("limit of 1000 bytes");
            assertThat(client.stub().modelInfer(request("small", "b", 10)).getId())
                    .isEqualTo("b");
            assertThat(worker.atOnce()).isZero();
        }
    }

    @Test
    void givenADeadlineTheWorkerIsToldWhatIsLeftOfIt() {
        try (MessageWorker worker = gateway.sleeping("timed", States.LIMITS)) {
            GRPCInferenceServiceGrpc.newBlockingStub(client.channel())
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .modelInfer(request("timed", "", 1));
            assertThat(Long.parseLong(worker.deadlines().poll())).isBetween(1L, 5_000L);

            worker.pace(_ -> Mono.never());
            Status late = status(() -> GRPCInferenceServiceGrpc.newBlockingStub(client.channel())
                    .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                    .modelInfer(request("timed", "", 1)));

            assertThat(late.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            await().atMost(LONG).until(() -> worker.atOnce() == 0);
        }
    }

    @Test
    void givenTheClientCancelsTheWorkerIsLeft() {
        try (MessageWorker worker = gateway.sleeping("cancelled", States.LIMITS).pace(_ -> Mono.never())) {
            var call = GRPCInferenceServiceGrpc.newFutureStub(client.channel()).modelInfer(request("cancelled", "", 1));
            await().atMost(LONG).until(() -> worker.atOnce() == 1);

            call.cancel(true);

            await().atMost(LONG).until(() -> worker.atOnce() == 0);
        }
    }

    @Test
    void givenNoWorkerCanBeStartedTheFleetsReasonComesWithWhenToAskAgain() {
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly("stuck", 1, States.LIMITS)));
        gateway.fleet.onWake(States.environmentId("stuck", Color.BLUE), _ -> new Wake.Problem(503, "no memory for it"));

        assertThatThrownBy(() -> client.stub().modelInfer(request("stuck", "", 1)))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(e.getStatus().getDescription()).contains("no memory for it");
                    assertThat(e.getTrailers().get(key("grpc-retry-pushback-ms")))
                            .isNotNull();
                });
    }

    @Test
    void givenAStreamAnswersComeInOrderAndErrorsWithin() {
        Sinks.One<String> first = Sinks.one();
        try (MessageWorker worker = gateway.sleeping("streamed", States.LIMITS)
                .pace(asked -> asked.getId().equals("0") ? first.asMono() : Mono.empty())) {
            List<ModelStreamInferResponse> answers = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> done = new CompletableFuture<>();

            var stream = GRPCInferenceServiceGrpc.newStub(client.channel()).modelStreamInfer(collector(answers, done));
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
}
