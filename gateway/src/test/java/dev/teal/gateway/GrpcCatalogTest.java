package dev.teal.gateway;

import static dev.teal.gateway.GrpcClient.request;
import static dev.teal.gateway.GrpcClient.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.fake.FakeFleet.Wake;
import dev.teal.gateway.fake.MessageWorker;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.InferenceKey;
import grpc.health.v1.HealthCheckRequest;
import grpc.health.v1.HealthCheckResponse.ServingStatus;
import grpc.health.v1.HealthGrpc;
import inference.ModelConfigRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.ModelStatisticsRequest;
import inference.RepositoryIndexRequest;
import inference.RepositoryModelLoadRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import io.grpc.Status;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What can be asked by gRPC beside inference. */
class GrpcCatalogTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static GrpcClient client;

    @BeforeAll
    static void start() {
        gateway.controlPlane.publish(States.both("two", 3, Color.BLUE));
        gateway.startWithGrpc();
        client = new GrpcClient(gateway);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void givenAKeyIsNeededItIsAskedForBeforeAnythingIsTold() {
        String secret = "s".repeat(43);
        gateway.controlPlane.keys(new InferenceKey("aaaaaaaaaaaa", Digests.of(secret), null));
        try (MessageWorker worker = gateway.sleeping("locked", new EndpointLimits(20_000, 1_000_000, true))) {
            Status without = status(() -> client.stub().modelInfer(request("locked", "", 1)));
            ModelInferResponse with = client.stub("authorization", "Bearer teal_aaaaaaaaaaaa_" + secret)
                    .modelInfer(request("locked", "k", 1));

            assertThat(without.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(with.getId()).isEqualTo("k");
            assertThat(client.stub()
                            .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                            .getModelsList())
                    .noneMatch(model -> model.getName().equals("locked"));
            assertThat(worker.deadlines()).hasSize(1);
        }
    }

    @Test
    void serverAndModelsAreDescribedWithoutWakingAnything() {
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly("asleep", 1, States.LIMITS)));
        gateway.fleet.onWake(States.environmentId("asleep", Color.BLUE), _ -> new Wake.Problem(503, "no"));

        assertThat(client.stub()
                        .serverLive(ServerLiveRequest.getDefaultInstance())
                        .getLive())
                .isTrue();
        assertThat(client.stub()
                        .serverReady(ServerReadyRequest.getDefaultInstance())
                        .getReady())
                .isTrue();
        assertThat(client.stub()
                        .serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getExtensionsList())
                .contains("statistics", "model_configuration");
        assertThat(client.stub()
                        .modelReady(
                                ModelReadyRequest.newBuilder().setName("asleep").build())
                        .getReady())
                .isTrue();
        assertThat(client.stub()
                        .modelMetadata(ModelMetadataRequest.newBuilder()
                                .setName("asleep")
                                .build())
                        .getInputs(0)
                        .getShapeList())
                .containsExactly(-1L, 30L);
        assertThat(client.stub()
                        .modelConfig(ModelConfigRequest.newBuilder()
                                .setName("asleep")
                                .build())
                        .getConfig()
                        .getInstanceGroup(0)
                        .getCount())
                .isEqualTo(2);
        assertThat(client.stub()
                        .modelStatistics(ModelStatisticsRequest.newBuilder()
                                .setName("asleep")
                                .build())
                        .getModelStats(0)
                        .getInferenceCount())
                .isZero();
        assertThat(client.stub()
                        .repositoryIndex(RepositoryIndexRequest.newBuilder()
                                .setReady(true)
                                .build())
                        .getModelsList())
                .anyMatch(model ->
                        model.getName().equals("asleep") && model.getState().equals("READY"));
        assertThat(gateway.fleet.wakes(States.environmentId("asleep", Color.BLUE)))
                .isZero();
        assertThat(status(() -> client.stub()
                                .modelMetadata(ModelMetadataRequest.newBuilder()
                                        .setName("x")
                                        .build()))
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void healthIsThatOfTheGatewayAndOfEndpoints() {
        var health = HealthGrpc.newBlockingStub(client.channel());

        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(health.check(HealthCheckRequest.newBuilder()
                                .setService("two")
                                .build())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(status(() -> health.check(
                                HealthCheckRequest.newBuilder().setService("x").build()))
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void whatThePlatformDoesIsRefusedWithTheWay() {
        Status load = status(() -> client.stub().repositoryModelLoad(RepositoryModelLoadRequest.getDefaultInstance()));

        assertThat(load.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(load.getDescription()).contains("POST /api/v1/endpoints/{name}/rollouts");
    }
}
