package dev.teal.gateway;

import dev.teal.gateway.admission.BodyMemory;
import dev.teal.gateway.admission.Keys;
import dev.teal.gateway.admission.Rates;
import dev.teal.gateway.connection.AddressLimit;
import dev.teal.gateway.forward.Forwarder;
import dev.teal.gateway.forward.MessageInference;
import dev.teal.gateway.forward.WorkerStatistics;
import dev.teal.gateway.grpc.GrpcServer;
import dev.teal.gateway.report.Traffic;
import dev.teal.gateway.route.Routes;
import dev.teal.gateway.timing.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

/** The gRPC port, where there is to be one. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("${gateway.grpc-port:8001} != 0")
class GrpcServing {
    private static final Logger log = LoggerFactory.getLogger(GrpcServing.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(60);

    @Bean
    GrpcServer.Admission grpcAdmission(InstantSource clock, Rates rates, AddressLimit addresses, BodyMemory memory) {
        return new GrpcServer.Admission(new Keys(clock), rates, addresses, memory);
    }

    @Bean
    GrpcServer grpcServer(
            GatewayProperties properties,
            ServerProperties rest,
            NettyServerProperties netty,
            GrpcServer.Admission admission,
            LoopResources loops,
            Timers timers,
            Routes routes,
            Serving.Stopping stopping,
            Cell.Readiness readiness,
            Forwarder forwarder,
            Traffic traffic,
            WorkerStatistics statistics,
            RandomGenerator random) {
        InetAddress address = rest.getAddress();
        return new GrpcServer(
                new GrpcServer.Settings(
                        address == null
                                ? new InetSocketAddress(properties.grpcPort())
                                : new InetSocketAddress(address, properties.grpcPort()),
                        (int) Math.min(
                                Integer.MAX_VALUE, properties.grpcMessageLimit().toBytes()),
                        properties.grpcMessageTime(),
                        netty.getIdleTimeout() == null ? LONGEST_IDLE : netty.getIdleTimeout()),
                admission,
                loops,
                timers,
                routes,
                () -> readiness.getAsBoolean() && !stopping.stopping(),
                properties.software(),
                new MessageInference(forwarder, traffic, random),
                statistics);
    }

    /** Starts after the REST port, and refuses and finishes with it. */
    @Bean
    SmartLifecycle grpcLifecycle(GrpcServer server) {
        return new SmartLifecycle() {
            private volatile boolean running;

            @Override
            public void start() {
                server.start();
                running = true;
                log.atInfo().addKeyValue("port", server.port()).log("gRPC port open");
            }

            @Override
            public void stop() {
                running = false;
                server.stop(LONGEST_STOP);
            }

            @Override
            public void stop(Runnable done) {
                Thread.ofVirtual().start(() -> {
                    stop();
                    done.run();
                });
            }

            @Override
            public int getPhase() {
                return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
