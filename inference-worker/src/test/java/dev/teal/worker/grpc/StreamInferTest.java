package dev.teal.worker.grpc;

import static dev.teal.worker.grpc.FrontFixture.LONG;
import static dev.teal.worker.grpc.TestCalls.floats;
import static dev.teal.worker.grpc.TestCalls.metadata;
import static dev.teal.worker.grpc.TestCalls.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelStreamInferResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StreamInferTest {
    @RegisterExtension
    final FrontFixture fixture = new FrontFixture();

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
        Collected<ModelStreamInferResponse> answers = new Collected<>();

        var stream = fixture.async().modelStreamInfer(answers);
        for (int n = 0; n < 100; n++) {
            ModelInferRequest request = request("id-" + n, floats(n));
            stream.onNext(n == 3 ? request.toBuilder().setModelName("x").build() : request);
        }
        stream.onCompleted();
        await().atMost(LONG).until(() -> fixture.desk.calls.size() == 16);
        later.countDown();

        List<ModelStreamInferResponse> all = answers.all();
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
        Collected<ModelStreamInferResponse> answers = new Collected<>();
        var stub = fixture.async()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata("triton_grpc_error", "true")));

        var stream = stub.modelStreamInfer(answers);
        stream.onNext(request(floats(1)));
        stream.onNext(request(floats(1)).toBuilder().setModelName("x").build());

        assertThatThrownBy(answers::all).hasMessageContaining("NOT_FOUND: Request for unknown model: 'x'");
    }

    @Test
    void givenAStreamAsksForItTheLastAnswerSaysSo() {
        Collected<ModelStreamInferResponse> answers = new Collected<>();

        var stream = fixture.async().modelStreamInfer(answers);
        stream.onNext(request(floats(1)).toBuilder()
                .putParameters(
                        "triton_enable_empty_final_response",
                        InferParameter.newBuilder().setBoolParam(true).build())
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
        Collected<ModelStreamInferResponse> answers = new Collected<>();
        var stream =
                (ClientCallStreamObserver<ModelInferRequest>) fixture.async().modelStreamInfer(answers);
        for (int n = 0; n < 40; n++) {
            stream.onNext(request(floats(100_000)));
        }
        await().atMost(LONG).until(() -> fixture.desk.requests.size() == 16);

        stream.cancel("enough", null);

        await().atMost(LONG).until(() -> fixture.desk.lost.get() == 16);
        never.complete(null);
    }

    @Test
    void givenAClientThatDoesNotReadItsStreamStopsTaking() {
        SlowReader reader = new SlowReader();
        var stream =
                (ClientCallStreamObserver<ModelInferRequest>) fixture.async().modelStreamInfer(reader);
        List<ModelInferRequest> requests = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            requests.add(request("id-" + n, floats(250_000)));
        }
        requests.forEach(stream::onNext);
        stream.onCompleted();
        await().atMost(LONG).until(() -> fixture.desk.unreleased.get() >= 10);

        assertThat(fixture.desk.calls.size()).isLessThanOrEqualTo(24);
        reader.readAll();

        assertThat(reader.ids()).hasSize(60).startsWith("id-0", "id-1").endsWith("id-59");
        assertThat(fixture.desk.calls).hasSize(60);
    }
}
