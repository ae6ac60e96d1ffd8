package dev.teal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.Rate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;

class GatewayPropertiesTest {
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(GatewayProperties.class)
    static class Properties {}

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
            .withUserConfiguration(Properties.class)
            .withPropertyValues(
                    "gateway.id=gateway-1",
                    "gateway.region=local",
                    "gateway.control-plane=http://127.0.0.1:8080",
                    "gateway.fleet=http://127.0.0.1:8010",
                    "gateway.key-file=cell.key",
                    "gateway.state-directory=state",
                    "gateway.public-address=http://127.0.0.1:8000");

    @Test
    void theDefaultsAreThese() {
        runner.run(context -> {
            GatewayProperties properties = context.getBean(GatewayProperties.class);
            assertThat(properties.loops()).isEqualTo(Runtime.getRuntime().availableProcessors());
            assertThat(properties.bodyMemoryBytes())
                    .isEqualTo(Runtime.getRuntime().maxMemory() / 4);
            assertThat(properties.answerMemoryBytes())
                    .isEqualTo(Runtime.getRuntime().maxMemory() / 4);
            assertThat(properties.answerPause()).isEqualTo(Duration.ofSeconds(30));
            assertThat(properties.waitingRequests()).isEqualTo(1_000);
            assertThat(properties.waitingBytes().toMegabytes()).isEqualTo(64);
            assertThat(properties.requestsPerConcurrency()).isEqualTo(4);
            assertThat(properties.workerIdleTime()).isEqualTo(Duration.ofSeconds(15));
            assertThat(properties.requestLine().toKilobytes()).isEqualTo(8);
            assertThat(properties.requestHeaderSize().toKilobytes()).isEqualTo(16);
            assertThat(properties.connectionsPerAddress()).isEqualTo(2_000);
            assertThat(properties.requestHeaders()).isEqualTo(100);
            assertThat(properties.requestHeadTime()).isEqualTo(Duration.ofSeconds(10));
            assertThat(properties.requestChunks()).isEqualTo(65_536);
            assertThat(properties.rateOfKey()).isNull();
            assertThat(properties.grpcPort()).isEqualTo(8001);
            assertThat(properties.grpcMessageLimit().toMegabytes()).isEqualTo(256);
            assertThat(properties.grpcMessageTime()).isEqualTo(Duration.ofSeconds(60));
            assertThat(properties.responseLimit().toMegabytes()).isEqualTo(256);
        });
    }

    @Test
    void aRateWithoutABurstMayComeInOneSecondAtOnce() {
        runner.withPropertyValues("gateway.key-rate=50")
                .run(context -> assertThat(
                                context.getBean(GatewayProperties.class).rateOfKey())
                        .isEqualTo(new Rate(50, 50)));
    }

    @Test
    void aWrongValueStopsTheStart() {
        runner.withPropertyValues("gateway.id= ")
                .run(context -> assertThat(context).hasFailed());
        runner.withPropertyValues("gateway.key-rate=-1")
                .run(context -> assertThat(context).hasFailed());
        runner.withPropertyValues("gateway.waiting-requests=0")
                .run(context -> assertThat(context).hasFailed());
    }
}
