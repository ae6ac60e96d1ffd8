package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GrpcClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.teal.gateway.fake.MessageWorker;
import dev.teal.gateway.fake.States;
import inference.GRPCInferenceServiceGrpc;
import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Whose turn it is by gRPC: the worker computes two requests at once and holds eight, so that all others wait in the gateway. */
class GrpcPriorityTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static final Waiting waiting = new Waiting(gateway);
    private static GrpcClient client;

    @BeforeAll
    static void start() {
        gateway.controlPlane.publish(States.blueOnly("first", 1, States.LIMITS));
        gateway.startWithGrpc();
        client = new GrpcClient(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    private static ModelInferRequest of(String endpoint, String id, long priority) {
        return request(endpoint, id, 20_000).toBuilder()
                .putParameters(
                        "priority",
                        InferParameter.newBuilder().setInt64Param(priority).build())
                .build();
    }

    private static GRPCInferenceServiceGrpc.GRPCInferenceServiceFutureStub stub() {
        return GRPCInferenceServiceGrpc.newFutureStub(client.channel()).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    /** Notes who is served, but for those that it holds behind a gate: the first has one of its own. */
    private static MessageWorker busy(String endpoint, Queue<String> served, Mono<Void> gate, Mono<Void> otherGates) {
        return gateway.sleeping(endpoint, States.LIMITS).pace(asked -> switch (asked.getId()) {
            case "held 0" -> gate;
            case String id when id.startsWith("held") -> otherGates;
            case String id -> {
                served.add(id);
                yield Mono.empty();
            }
        });
    }

    private static List<ListenableFuture<ModelInferResponse>> hold(String endpoint, MessageWorker worker) {
        List<ListenableFuture<ModelInferResponse>> held = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            held.add(stub().modelInfer(request(endpoint, "held " + n, 1)));
        }
        await().atMost(LONG).until(() -> worker.atOnce() == 8);
        return held;
    }

    @Test
    void givenABusyWorkerUrgentMessagesAreServedFirstCompressedOnesToo() throws Exception {
        Queue<String> served = new ConcurrentLinkedQueue<>();
        Sinks.Empty<Void> gate = Sinks.empty();
        Sinks.Empty<Void> otherGates = Sinks.empty();
        try (MessageWorker worker = busy("unary", served, gate.asMono(), otherGates.asMono())) {
            List<ListenableFuture<ModelInferResponse>> answers = hold("unary", worker);
            answers.add(stub().modelInfer(of("unary", "low", 20)));
            waiting.untilQueued("unary", 1);
            answers.add(stub().modelInfer(of("unary", "urgent", 1)));
            waiting.untilQueued("unary", 2);
            answers.add(stub().withCompression("gzip").modelInfer(of("unary", "packed", 1)));
            waiting.untilQueued("unary", 3);
            answers.add(stub().modelInfer(request("unary", "default", 1)));
            waiting.untilQueued("unary", 4);

            gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

            assertThat(answers.get(8).get().getId()).isEqualTo("low");
            assertThat(served).containsExactly("urgent", "packed", "default", "low");
            otherGates.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            for (ListenableFuture<ModelInferResponse> answer : answers) {
                assertThat(answer.get().getModelName()).isEqualTo("unary");
            }
        }
    }

    @Test
    void givenAStreamItsUrgentMessagesAreServedFirstAndAnsweredInOrderAllTheSame() throws Exception {
        Queue<String> served = new ConcurrentLinkedQueue<>();
        Sinks.Empty<Void> gate = Sinks.empty();
        Sinks.Empty<Void> otherGates = Sinks.empty();
        try (MessageWorker worker = busy("streamed", served, gate.asMono(), otherGates.asMono())) {
            List<ListenableFuture<ModelInferResponse>> held = hold("streamed", worker);
            List<String> answers = new CopyOnWriteArrayList<>();
            StreamObserver<ModelInferRequest> stream =
                    GRPCInferenceServiceGrpc.newStub(client.channel()).modelStreamInfer(ids(answers));
            stream.onNext(of("streamed", "low", 20));
            waiting.untilQueued("streamed", 1);
            stream.onNext(of("streamed", "urgent", 1));
            waiting.untilQueued("streamed", 2);
            stream.onNext(request("streamed", "default", 1));
            waiting.untilQueued("streamed", 3);

            gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

            await().atMost(LONG).until(() -> answers.size() == 3);
            assertThat(served).containsExactly("urgent", "default", "low");
            assertThat(answers).containsExactly("low", "urgent", "default");
            stream.onCompleted();
            otherGates.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            for (ListenableFuture<ModelInferResponse> answer : held) {
                assertThat(answer.get().getId()).startsWith("held");
            }
        }
    }

    private static StreamObserver<ModelStreamInferResponse> ids(List<String> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ModelStreamInferResponse answer) {
                answers.add(answer.getInferResponse().getId() + answer.getErrorMessage());
            }

            @Override
            public void onError(Throwable problem) {
                answers.add(problem.toString());
            }

            @Override
            public void onCompleted() {}
        };
    }
}
