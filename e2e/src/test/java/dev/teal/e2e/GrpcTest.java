package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import inference.ModelReadyRequest;
import inference.RepositoryIndexRequest;
import inference.RepositoryModelLoadRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that grpc-java generated, at the gateway of a whole Teal. */
class GrpcTest {
    private static final String ENDPOINT = "by-grpc";
    private static final FraudDetection MODEL = new FraudDetection();

    private static Fraud fraud;
    private static ManagedChannel channel;

    @BeforeAll
    static void connect() throws Exception {
        TealUnderTest teal = SharedTeal.get();
        fraud = new Fraud(teal.api());
        fraud.endpoint(ENDPOINT, "{\"minWorkers\":0,\"maxWorkers\":2,\"idleTimeout\":\"2s\"}");
        channel = NettyChannelBuilder.forAddress("127.0.0.1", teal.grpcPort())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void close() {
        channel.shutdownNow();
    }

    private static GRPCInferenceServiceBlockingStub client() {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    @Test
    void givenASleepingEndpointACallWakesItAndTypedOrRawTheAnswerIsRight() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> fraud.get(ENDPOINT)
                                .path("environments")
                                .path("blue")
                                .path("workers")
                                .path("total")
                                .asInt(-1)
                        == 0);
        assertThat(client().modelReady(
                                ModelReadyRequest.newBuilder().setName(ENDPOINT).build())
                        .getReady())
                .isTrue();

        for (int row = 0; row < 20; row++) {
            assertThat(MODEL.isAnswerOf("1", row, fraudOf(client().modelInfer(typed(row)))))
                    .isTrue();
            assertThat(MODEL.isAnswerOf("1", row, fraudOf(client().modelInfer(raw(row)))))
                    .isTrue();
        }
    }

    @Test
    void givenAReleaseCallersGoOnAndGetTheNewVersion() {
        ModelInferResponse before = client().modelInfer(typed(0));

        assertThat(fraud.rollOut(ENDPOINT, "2", "0s").path("state").asString()).isEqualTo("SUCCEEDED");

        ModelInferResponse after = client().modelInfer(typed(0));
        assertThat(before.getModelVersion()).isEqualTo("1");
        assertThat(after.getModelVersion()).isEqualTo("2");
        assertThat(MODEL.isAnswerOf("2", 0, fraudOf(after))).isTrue();
        fraud.rollOut(ENDPOINT, "1", "0s");
    }

    @Test
    void endpointsAreTheModelsAndThePlatformLoadsThem() {
        assertThat(client().repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                        .getModelsList())
                .anyMatch(model ->
                        model.getName().equals(ENDPOINT) && model.getState().equals("READY"));
        assertThatThrownBy(() -> client().repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                        .setModelName(ENDPOINT)
                        .build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED))
                .hasMessageContaining("/rollouts");
        assertThatThrownBy(() -> client().modelInfer(
                                typed(0).toBuilder().setModelName("nobody").build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        unknown -> assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND))
                .hasMessageContaining("Request for unknown model: 'nobody' is not found");
    }

    private static ModelInferRequest typed(int row) {
        InferTensorContents.Builder features = InferTensorContents.newBuilder();
        for (float feature : MODEL.features(row)) {
            features.addFp32Contents(feature);
        }
        return ModelInferRequest.newBuilder()
                .setModelName(ENDPOINT)
                .addInputs(input("features", "FP32", 1, 8).setContents(features))
                .addInputs(input("merchant_category", "INT64", 1)
                        .setContents(InferTensorContents.newBuilder().addInt64Contents(MODEL.category(row))))
                .build();
    }

    private static ModelInferRequest raw(int row) {
        ByteBuffer features = ByteBuffer.allocate(8 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float feature : MODEL.features(row)) {
            features.putFloat(feature);
        }
        ByteBuffer category = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        category.putLong(MODEL.category(row));
        return ModelInferRequest.newBuilder()
                .setModelName(ENDPOINT)
                .addInputs(input("features", "FP32", 1, 8))
                .addInputs(input("merchant_category", "INT64", 1))
                .addRawInputContents(ByteString.copyFrom(features.flip()))
                .addRawInputContents(ByteString.copyFrom(category.flip()))
                .build();
    }

    private static InferInputTensor.Builder input(String name, String datatype, long... shape) {
        InferInputTensor.Builder input =
                InferInputTensor.newBuilder().setName(name).setDatatype(datatype);
        for (long dimension : shape) {
            input.addShape(dimension);
        }
        return input;
    }

    private static double fraudOf(ModelInferResponse answer) {
        for (int i = 0; i < answer.getOutputsCount(); i++) {
            if (answer.getOutputs(i).getName().equals("probabilities")) {
                return answer.getRawOutputContents(i)
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat(Float.BYTES);
            }
        }
        throw new AssertionError("no output named probabilities in " + answer);
    }
}
