package dev.teal.worker.grpc;

import static dev.teal.worker.grpc.FrontFixture.LONG;
import static dev.teal.worker.grpc.TestCalls.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import grpc.health.v1.HealthCheckRequest;
import grpc.health.v1.HealthCheckResponse.ServingStatus;
import grpc.health.v1.HealthGrpc;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HealthTest {
    @RegisterExtension
    final FrontFixture fixture = new FrontFixture();

    @Test
    void healthIsThatOfTheServerAndOfTheModel() {
        var health = HealthGrpc.newBlockingStub(fixture.channel);

        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(health.check(HealthCheckRequest.newBuilder().setService("m").build())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(status(() -> health.check(
                                HealthCheckRequest.newBuilder().setService("x").build()))
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void givenAWatchItIsToldOfEachChangeAndEndsWhenTheWorkerDrains() {
        var health = HealthGrpc.newBlockingStub(fixture.channel).withDeadlineAfter(30, TimeUnit.SECONDS);

        var server = health.watch(HealthCheckRequest.getDefaultInstance());
        var nobody =
                health.watch(HealthCheckRequest.newBuilder().setService("x").build());
        assertThat(server.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        assertThat(nobody.next().getStatus()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
        fixture.desk.ready = false;
        assertThat(server.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        fixture.desk.ready = true;
        assertThat(server.next().getStatus()).isEqualTo(ServingStatus.SERVING);

        fixture.front.drain();
        assertThat(status(server::next).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status(nobody::next).getDescription()).contains("the worker drains");
        await().atMost(LONG).until(() -> fixture.channel.getState(false) != ConnectivityState.READY);
    }
}
