package dev.teal.worker.grpc;

import static dev.teal.worker.grpc.TestCalls.floats;
import static dev.teal.worker.grpc.TestCalls.metadata;
import static dev.teal.worker.grpc.TestCalls.request;
import static dev.teal.worker.grpc.TestCalls.status;
import static dev.teal.worker.grpc.TestCalls.zeros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import dev.teal.protocol.Refusal;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.run.Failure;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UnaryInferTest {
    @RegisterExtension
    final FrontFixture fixture = new FrontFixture();

    @Test
    void tensorsOfAnyKindComeBackAsTheyWent() {
        Cases.forAll(
                300,
                random -> fixture.assertEchoed(
                        RandomTensors.next(random, "in", Datatype.values()[random.nextInt(Datatype.values().length)])));
    }

    @Test
    void givenMessagesLargerThanAllWindowsTheyComeBackWhole() {
        fixture.assertEchoed(floats(9_000));
        fixture.assertEchoed(floats(1_000_000));
    }

    @Test
    void givenACompressedMessageItIsReadAlike() {
        Tensor tensor = floats(50_000);

        ModelInferResponse answer = fixture.stub().withCompression("gzip").modelInfer(request(tensor));

        assertThat(answer.getRawOutputContents(0).asReadOnlyByteBuffer()).isEqualTo(tensor.data());
    }

    @Test
    void givenManyStreamsAtOnceEachGetsItsOwnAnswer() {
        List<CompletableFuture<ModelInferResponse>> answers = IntStream.range(0, 1_000)
                .mapToObj(n -> {
                    CompletableFuture<ModelInferResponse> answer = new CompletableFuture<>();
                    fixture.async().modelInfer(request("id-" + n, floats(n)), Collected.one(answer));
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
        Status refused = status(() -> fixture.stub().modelInfer(request(floats(2_000_000))));
        Status unpacked = status(() -> fixture.stub().withCompression("gzip").modelInfer(request(zeros(8 << 20))));

        assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getDescription()).contains("larger than the limit of 4194304 bytes");
        assertThat(unpacked.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(unpacked.getDescription()).contains("larger than the limit of 4194304 bytes");
        fixture.assertEchoed(floats(3));
    }

    @Test
    void givenAnotherModelOrVersionItIsUnknown() {
        ModelInferRequest request = request(floats(1));

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

        assertThatThrownBy(() -> fixture.stub().modelInfer(request(floats(900_000))))
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

        stub.modelInfer(request(floats(1)));

        assertThat(fixture.desk.heads).singleElement().satisfies(seen -> {
            assertThat(seen.model()).isEqualTo("m");
            assertThat(seen.digest()).isEqualTo("sha256:d");
            assertThat(seen.proof()).isEqualTo("secret");
            assertThat(seen.deadlineMillis()).isBetween(1L, 2_500L);
        });
        assertThat(head.get().get(Metadata.Key.of("teal-digest", Metadata.ASCII_STRING_MARSHALLER)))
                .startsWith("sha256:aaa");
    }
}
