package dev.teal.worker.grpc;

import static dev.teal.worker.grpc.TestCalls.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import grpc.health.v1.HealthCheckRequest;
import grpc.health.v1.HealthCheckResponse.ServingStatus;
import grpc.health.v1.HealthGrpc;
import inference.ModelConfigRequest;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.ModelStatisticsRequest;
import inference.RepositoryIndexRequest;
import inference.RepositoryModelLoadRequest;
import inference.RepositoryModelUnloadRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import inference.SystemSharedMemoryStatusRequest;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DescriptionRpcTest {
    @RegisterExtension
    final FrontFixture fixture = new FrontFixture();

    @Test
    void serverAndModelAreDescribed() {
        var stub = fixture.stub();

        assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        assertThat(stub.modelReady(ModelReadyRequest.newBuilder().setName("m").build())
                        .getReady())
                .isTrue();
        assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getExtensionsList())
                .contains("statistics");
        assertThat(stub.modelMetadata(
                                ModelMetadataRequest.newBuilder().setName("m").build())
                        .getInputs(0)
                        .getName())
                .isEqualTo("in");
        assertThat(stub.modelConfig(ModelConfigRequest.newBuilder().setName("m").build())
                        .getConfig()
                        .getBackend())
                .isEqualTo("onnxruntime");
        assertThat(stub.modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                        .getModelStats(0)
                        .getVersion())
                .isEqualTo("7");
        assertThat(stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                        .getModels(0)
                        .getState())
                .isEqualTo("READY");
    }

    @Test
    void givenTheModelIsNotReadyItIsToldAndNotListedAsReady() {
        fixture.desk.ready = false;
        var stub = fixture.stub();

        assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isFalse();
        assertThat(stub.modelReady(ModelReadyRequest.newBuilder().setName("m").build())
                        .getReady())
                .isFalse();
        assertThat(stub.repositoryIndex(RepositoryIndexRequest.newBuilder()
                                .setReady(true)
                                .build())
                        .getModelsCount())
                .isZero();
        assertThatThrownBy(() -> stub.repositoryIndex(RepositoryIndexRequest.newBuilder()
                        .setRepositoryName("r")
                        .build()))
                .hasMessage("UNIMPLEMENTED: there is one repository, which has no name");
        assertThat(HealthGrpc.newBlockingStub(fixture.channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void whatThePlatformDoesIsRefusedWithTheWay() {
        Status load = status(() -> fixture.stub().repositoryModelLoad(RepositoryModelLoadRequest.getDefaultInstance()));
        Status unload =
                status(() -> fixture.stub().repositoryModelUnload(RepositoryModelUnloadRequest.getDefaultInstance()));
        Status memory = status(
                () -> fixture.stub().systemSharedMemoryStatus(SystemSharedMemoryStatusRequest.getDefaultInstance()));

        assertThat(List.of(load.getCode(), unload.getCode(), memory.getCode())).containsOnly(Status.Code.UNIMPLEMENTED);
        assertThat(load.getDescription()).contains("POST /api/v1/endpoints/{name}/rollouts");
        assertThat(unload.getDescription()).isEqualTo(load.getDescription());
        assertThat(memory.getDescription()).contains("shared memory is not supported");
    }
}
