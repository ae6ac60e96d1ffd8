package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.Cases;
import dev.teal.protocol.grpc.RandomRequests;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.onnx.IdentityModel;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelReadyRequest;
import inference.ModelStatisticsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The worker as a client that grpc-java generates meets it: a model that answers what it is asked, of every datatype. */
class GrpcServingTest {
    private static TestWorker worker;
    private static GrpcClient client;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        worker = new TestWorker();
        IdentityModel model = new IdentityModel(Datatype.values());
        Path artifact = Files.write(directory.resolve("identity.onnx"), model.bytes());
        assertThat(worker.prove(TestWorker.assignment(artifact, null, model.signature()))
                        .state())
                .hasToString("READY");
        client = new GrpcClient(worker.inference);
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        worker.close();
    }

    static Stream<Arguments> ways() {
        return Arrays.stream(Datatype.values())
                .flatMap(datatype -> Stream.of(true, false)
                        .filter(raw -> raw || (datatype != Datatype.FP16 && datatype != Datatype.BF16))
                        .map(raw -> Arguments.of(datatype, raw)));
    }

    /** The model wants all its inputs, so the others are there and empty. */
    private static ModelInferRequest request(Tensor tensor, Datatype datatype, boolean raw) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("endpoint");
        for (Datatype other : Datatype.values()) {
            Tensor input = other == datatype
                    ? tensor
                    : new Tensor(IdentityModel.input(other), other, new long[] {0}, ByteBuffer.allocate(0));
            RandomRequests.add(request, input, raw);
        }
        return request.addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName(IdentityModel.output(datatype)))
                .build();
    }

    @ParameterizedTest(name = "{0} raw: {1}")
    @MethodSource("ways")
    void eachDatatypeComesBackBitForBit(Datatype datatype, boolean raw) {
        Cases.forAll(10, random -> {
            Tensor tensor = RandomTensors.next(random, IdentityModel.input(datatype), datatype, random.nextInt(9));

            ModelInferResponse answer = client.stub().modelInfer(request(tensor, datatype, raw));

            assertThat(answer.getOutputs(0).getName()).isEqualTo(IdentityModel.output(datatype));
            assertThat(answer.getOutputs(0).getDatatype()).isEqualTo(datatype.name());
            assertThat(answer.getOutputs(0).getShapeList()).containsExactly(tensor.shape()[0]);
            assertThat(answer.getRawOutputContents(0).asReadOnlyByteBuffer()).isEqualTo(tensor.data());
        });
    }

    @Test
    void givenAnotherModelItIsUnknownAndTheWorkerGoesOn() {
        ModelInferRequest request =
                ModelInferRequest.newBuilder().setModelName("x").build();

        assertThatThrownBy(() -> client.stub().modelInfer(request))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
                    assertThat(e.getStatus().getDescription()).isEqualTo("Request for unknown model: 'x' is not found");
                });
        assertThat(client.stub()
                        .modelReady(ModelReadyRequest.newBuilder()
                                .setName("endpoint")
                                .build())
                        .getReady())
                .isTrue();
    }

    @Test
    void statisticsGrowWithRequests() {
        Tensor tensor = RandomTensors.next(
                RandomGenerator.of("L64X128MixRandom"), IdentityModel.input(Datatype.FP32), Datatype.FP32, 3);
        var before = client.stub()
                .modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                .getModelStats(0);

        client.stub().modelInfer(request(tensor, Datatype.FP32, true));

        await().atMost(Duration.ofSeconds(10))
                .until(() -> client.stub()
                                .modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                                .getModelStats(0)
                                .getInferenceStats()
                                .getSuccess()
                                .getCount()
                        > before.getInferenceStats().getSuccess().getCount());
    }

    @Test
    void givenAMessageInAnHttpBodyItsAnswerIsOneToo() throws IOException {
        Tensor tensor = RandomTensors.next(
                RandomGenerator.of("L64X128MixRandom"), IdentityModel.input(Datatype.UINT64), Datatype.UINT64, 20_000);
        String type = "Content-Type: application/vnd.teal.infer+protobuf";

        UnixHttp.Response answer =
                worker.infer(request(tensor, Datatype.UINT64, true).toByteArray(), type);
        UnixHttp.Response wrong = worker.infer("{".getBytes(StandardCharsets.UTF_8), type);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(ModelInferResponse.parseFrom(answer.body())
                        .getRawOutputContents(0)
                        .asReadOnlyByteBuffer())
                .isEqualTo(tensor.data());
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("{\"error\":\"the message has a field of wire type 3");
    }

    @Test
    void givenTheWorkerDrainsItsConnectionsAreToldToGo() throws IOException {
        try (TestWorker draining = new TestWorker();
                GrpcClient other = new GrpcClient(draining.inference)) {
            assertThat(other.stub()
                            .serverLive(inference.ServerLiveRequest.getDefaultInstance())
                            .getLive())
                    .isTrue();

            draining.drain(0);

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> other.channel.getState(false) != io.grpc.ConnectivityState.READY);
        }
    }
}
