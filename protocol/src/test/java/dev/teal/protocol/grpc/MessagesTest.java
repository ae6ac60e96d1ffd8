package dev.teal.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.teal.protocol.Cases;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelConfiguration;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.RepositoryEntry;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import inference.DataType;
import inference.ModelConfigResponse;
import inference.ModelInstanceGroup;
import inference.ModelMetadataResponse;
import inference.ModelStatisticsResponse;
import inference.ModelStreamInferResponse;
import inference.RepositoryIndexRequest;
import inference.RepositoryIndexResponse;
import inference.ServerMetadataResponse;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("a", Datatype.FP32, List.of(-1L, 3L))),
            List.of(new TensorSpec("b", Datatype.BYTES, List.of(-1L))),
            17);

    private static byte[] assembled(InferenceResponse response, boolean last, boolean stream) {
        ByteWriter head = new ByteWriter();
        ModelInferResponse layout = ModelInferResponse.write(response, last, head);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (stream) {
            ByteWriter prefix = new ByteWriter();
            layout.writeStreamHead(prefix);
            bytes.writeBytes(prefix.toByteArray());
        }
        int from = 0;
        int start = bytes.size();
        for (int i = 0; i < layout.cuts().length; i++) {
            bytes.write(head.array(), from, layout.cuts()[i] - from);
            from = layout.cuts()[i];
            bytes.writeBytes(
                    ByteString.copyFrom(response.outputs().get(i).data().duplicate())
                            .toByteArray());
        }
        bytes.write(head.array(), from, head.size() - from);
        assertThat(bytes.size() - start).isEqualTo((int) layout.totalBytes());
        return bytes.toByteArray();
    }

    @Test
    void answersAreReadByTheGeneratedClassesAsTheyWereMeant() {
        Cases.forAll(1_000, random -> {
            List<Tensor> outputs = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                Datatype datatype = Datatype.values()[random.nextInt(Datatype.values().length)];
                outputs.add(RandomTensors.next(random, "ö" + i, datatype));
            }
            String id = random.nextBoolean() ? null : "id";
            boolean last = random.nextBoolean();
            InferenceResponse response = new InferenceResponse("m", "7", id, outputs);

            var read = inference.ModelInferResponse.parseFrom(assembled(response, last, false));

            assertThat(read.getModelName()).isEqualTo("m");
            assertThat(read.getModelVersion()).isEqualTo("7");
            assertThat(read.getId()).isEqualTo(id == null ? "" : id);
            assertThat(read.getParametersMap().containsKey("triton_final_response"))
                    .isEqualTo(last);
            assertThat(read.getRawOutputContentsCount()).isEqualTo(outputs.size());
            for (int i = 0; i < outputs.size(); i++) {
                Tensor expected = outputs.get(i);
                assertThat(read.getOutputs(i).getName()).isEqualTo(expected.name());
                assertThat(read.getOutputs(i).getDatatype())
                        .isEqualTo(expected.datatype().name());
                assertThat(read.getOutputs(i).getShapeList().stream()
                                .mapToLong(Long::longValue)
                                .toArray())
                        .isEqualTo(expected.shape());
                assertThat(read.getRawOutputContents(i).asReadOnlyByteBuffer()).isEqualTo(expected.data());
            }
            var streamed = ModelStreamInferResponse.parseFrom(assembled(response, last, true));
            assertThat(streamed.getInferResponse()).isEqualTo(read);
        });
    }

    @Test
    void serverAndModelAreDescribed() throws InvalidProtocolBufferException {
        ModelConfig config = new ModelConfig(
                8,
                new Batching(8, 100),
                Map.of(),
                List.of(new ModelConfig.WarmUpRequest(
                        "w",
                        3,
                        List.of(new ModelConfig.WarmUpRequest.Input("a", Datatype.FP32, List.of(2L, 3L), true)))));
        ModelConfiguration told =
                ModelConfiguration.of("m", SIGNATURE, config, new RuntimeSettings(1, 2, null, 1_000_000L, null));

        var server = ServerMetadataResponse.parseFrom(Messages.serverMetadata("triton", "1", List.of("statistics")));
        var metadata = ModelMetadataResponse.parseFrom(Messages.modelMetadata("m", List.of("1", "2"), SIGNATURE));
        var read = ModelConfigResponse.parseFrom(Messages.modelConfig(told)).getConfig();

        assertThat(server.getExtensionsList()).containsExactly("statistics");
        assertThat(metadata.getVersionsList()).containsExactly("1", "2");
        assertThat(metadata.getPlatform()).isEqualTo("onnxruntime_onnx");
        assertThat(metadata.getInputs(0).getShapeList()).containsExactly(-1L, 3L);
        assertThat(metadata.getOutputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(read.getMaxBatchSize()).isEqualTo(8);
        assertThat(read.getInput(0).getDataType()).isEqualTo(DataType.TYPE_FP32);
        assertThat(read.getInput(0).getDimsList()).containsExactly(3L);
        assertThat(read.getOutput(0).getDataType()).isEqualTo(DataType.TYPE_STRING);
        assertThat(read.getDynamicBatching().getMaxQueueDelayMicroseconds()).isEqualTo(100);
        assertThat(read.getInstanceGroup(0).getCount()).isEqualTo(2);
        assertThat(read.getInstanceGroup(0).getKind()).isEqualTo(ModelInstanceGroup.Kind.KIND_CPU);
        assertThat(read.getResponseCache().getEnable()).isTrue();
        assertThat(read.getModelWarmup(0).getCount()).isEqualTo(3);
        assertThat(read.getModelWarmup(0).getBatchSize()).isEqualTo(2);
        var warmed = read.getModelWarmup(0).getInputsOrThrow("a");
        assertThat(warmed.getDataType()).isEqualTo(DataType.TYPE_FP32);
        assertThat(warmed.getDimsList()).containsExactly(3L);
        assertThat(warmed.getRandomData()).isTrue();
        assertThat(warmed.getZeroData()).isFalse();
        assertThat(read.getBackend()).isEqualTo("onnxruntime");
    }

    @Test
    void statisticsAddUpAndPass() throws InvalidProtocolBufferException {
        ModelStatistics.Total one = new ModelStatistics.Total(1, 10);
        ModelStatistics statistics = new ModelStatistics(
                "m",
                "7",
                1_000,
                5,
                4,
                new ModelStatistics.InferenceStats(one, one, one, one, one, one, one, one),
                List.of(new ModelStatistics.BatchStats(2, one, one, one)),
                List.of(new ModelStatistics.MemoryUsage("CPU", 0, 99)));

        var sum = ModelStatisticsResponse.parseFrom(Messages.statistics(List.of(statistics.plus(statistics))))
                .getModelStats(0);

        assertThat(sum.getInferenceCount()).isEqualTo(10);
        assertThat(sum.getLastInference()).isEqualTo(1_000);
        assertThat(sum.getInferenceStats().getCacheMiss().getNs()).isEqualTo(20);
        assertThat(sum.getBatchStats(0).getBatchSize()).isEqualTo(2);
        assertThat(sum.getBatchStats(0).getComputeInfer().getCount()).isEqualTo(2);
        assertThat(sum.getMemoryUsage(0).getByteSize()).isEqualTo(198);
        String json = Json.MAPPER.writeValueAsString(statistics);
        assertThat(json).contains("\"inference_count\":5", "\"cache_hit\":{\"count\":1,\"ns\":10}");
        assertThat(Json.MAPPER.readValue(json, ModelStatistics.class)).isEqualTo(statistics);
    }

    @Test
    void theIndexTellsStateAndReason() throws InvalidProtocolBufferException {
        var index = RepositoryIndexResponse.parseFrom(
                Messages.index(List.of(new RepositoryEntry("m", "7", "UNAVAILABLE", "asleep"))));

        assertThat(index.getModels(0).getState()).isEqualTo("UNAVAILABLE");
        assertThat(index.getModels(0).getReason()).isEqualTo("asleep");
        assertThat(Messages.indexRequest(RepositoryIndexRequest.newBuilder()
                        .setRepositoryName("r")
                        .setReady(true)
                        .build()
                        .toByteArray()))
                .isEqualTo(new Messages.IndexRequest("r", true));
        assertThat(Messages.indexRequest(new byte[0])).isEqualTo(new Messages.IndexRequest("", false));
    }

    @Test
    void namesAndHealthPass() throws InvalidProtocolBufferException {
        byte[] request = inference.ModelReadyRequest.newBuilder()
                .setName("m")
                .setVersion("2")
                .build()
                .toByteArray();

        assertThat(Messages.named(request)).isEqualTo(new Messages.Named("m", "2"));
        assertThat(Messages.named(new byte[0])).isEqualTo(new Messages.Named("", null));
        assertThat(grpc.health.v1.HealthCheckResponse.parseFrom(Messages.health(true))
                        .getStatus())
                .isEqualTo(grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING);
        assertThat(inference.ServerLiveResponse.parseFrom(Messages.flag(true)).getLive())
                .isTrue();
    }

    @Test
    void anErrorOfAStreamNamesItsRequestWhereThatHasAnId() throws InvalidProtocolBufferException {
        var told = inference.ModelStreamInferResponse.parseFrom(Messages.streamError("id-1", "no"));

        assertThat(told.getErrorMessage()).isEqualTo("no");
        assertThat(told.getInferResponse().getId()).isEqualTo("id-1");
        assertThat(inference.ModelStreamInferResponse.parseFrom(Messages.streamError("", "no"))
                        .hasInferResponse())
                .isFalse();
    }
}
