package dev.teal.worker.grpc;

import static dev.teal.worker.grpc.FrontFixture.LONG;
import static dev.teal.worker.grpc.TestCalls.floats;
import static dev.teal.worker.grpc.TestCalls.request;
import static dev.teal.worker.grpc.TestCalls.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls whose client does not wait for the answer. */
class LostCallTest {
    @RegisterExtension
    final FrontFixture fixture = new FrontFixture();

    @Test
    void givenTheClientCancelsTheCallIsLost() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        fixture.desk.pace = _ -> never;
        var call = ClientCalls.futureUnaryCall(
                fixture.channel.newCall(GRPCInferenceServiceGrpc.getModelInferMethod(), CallOptions.DEFAULT),
                request(floats(1)));
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
        GRPCInferenceServiceGrpc.newFutureStub(other).modelInfer(request(floats(1)));
        await().atMost(LONG).until(() -> fixture.desk.requests.size() == 1);

        other.shutdownNow();

        await().atMost(LONG).until(() -> fixture.desk.lost.get() == 1);
        never.complete(null);
    }

    @Test
    void givenTheDeadlinePassesTheCallEnds() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        fixture.desk.pace = _ -> never;

        Status late = status(() -> GRPCInferenceServiceGrpc.newBlockingStub(fixture.channel)
                .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                .modelInfer(request(floats(1))));

        assertThat(late.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        await().atMost(LONG).until(() -> fixture.desk.open.get() == 0);
        never.complete(null);
    }
}
