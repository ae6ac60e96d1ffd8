package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GrpcClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.MessageWorker;
import dev.teal.gateway.fake.States;
import inference.GRPCInferenceServiceGrpc;
import io.grpc.ConnectivityState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** A gateway that stops has calls by gRPC in flight. */
class GrpcStopTest {
    @Test
    void givenTheGatewayStopsWhatIsInFlightIsAnswered() {
        try (GatewayFixture stopping = new GatewayFixture()) {
            stopping.startWithGrpc();
            Sinks.One<String> go = Sinks.one();
            try (MessageWorker worker = stopping.sleeping("last", States.LIMITS).pace(_ -> go.asMono());
                    GrpcClient client = new GrpcClient(stopping)) {
                var answer =
                        GRPCInferenceServiceGrpc.newFutureStub(client.channel()).modelInfer(request("last", "z", 1));
                await().atMost(LONG).until(() -> worker.atOnce() == 1);

                CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::stop);
                await().atMost(LONG).until(() -> client.channel().getState(false) != ConnectivityState.READY);
                go.tryEmitValue("go");

                assertThat(answer)
                        .succeedsWithin(LONG)
                        .satisfies(last -> assertThat(last.getId()).isEqualTo("z"));
                stopped.orTimeout(40, TimeUnit.SECONDS).join();
            }
        }
    }
}
