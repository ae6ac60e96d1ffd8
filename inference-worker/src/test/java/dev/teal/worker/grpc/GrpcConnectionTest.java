package dev.teal.worker.grpc;

import static dev.teal.worker.grpc.FrontFixture.LONG;
import static dev.teal.worker.grpc.TestCalls.floats;
import static dev.teal.worker.grpc.TestCalls.metadata;
import static dev.teal.worker.grpc.TestCalls.request;
import static dev.teal.worker.grpc.TestCalls.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import inference.GRPCInferenceServiceGrpc;
import inference.ServerLiveRequest;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GrpcConnectionTest {
    @RegisterExtension
    final FrontFixture fixture = new FrontFixture();

    @Test
    void givenADrainWhatIsInFlightIsAnsweredAndTheConnectionEnds() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        fixture.desk.pace = _ -> answer;
        var call = GRPCInferenceServiceGrpc.newFutureStub(fixture.channel).modelInfer(request(floats(3)));
        await().atMost(LONG).until(() -> fixture.desk.requests.size() == 1);

        fixture.front.drain();
        answer.complete(null);

        assertThat(call).succeedsWithin(LONG);
        await().atMost(LONG).until(() -> fixture.channel.getState(false) != ConnectivityState.READY);
    }

    @Test
    void givenMemoryRunsOutAtACallItIsTold() {
        CompletableFuture<Throwable> survived = fixture.survived();
        OutOfMemoryError error = new OutOfMemoryError("for a call");
        fixture.desk.gate = _ -> {
            throw error;
        };

        assertThat(status(() -> fixture.stub().modelInfer(request(floats(1)))).getCode())
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
