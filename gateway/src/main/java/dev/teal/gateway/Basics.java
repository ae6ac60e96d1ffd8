package dev.teal.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.netty.resources.LoopResources;

/** Time, chance, event loops, keys and callers: what the gateway is given and a test gives otherwise. */
@Configuration(proxyBeanMethods = false)
class Basics {

    /** Monotonic nanoseconds. */
    interface Ticker extends LongSupplier {}

    /** Where a request comes from. */
    interface Peer extends Function<ServerHttpRequest, @Nullable InetSocketAddress> {}

    record CellKey(String value) {}

    @Bean
    Ticker ticker() {
        return System::nanoTime;
    }

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    /** Each thread's own: nothing is shared between event loops. */
    @Bean
    RandomGenerator random() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    /** The address of the connection. Forwarded headers are not looked at: anybody can write them. */
    @Bean
    Peer peer() {
        return ServerHttpRequest::getRemoteAddress;
    }

    @Bean
    CellKey cellKey(GatewayProperties properties) {
        try {
            return new CellKey(Files.readString(properties.keyFile()).trim());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "gateway.key-file cannot be read: " + properties.keyFile() + "; it must hold the cell's key", e);
        }
    }

    /** As many loops as cores, for server and clients together: more of them cost a multiple in switches between them. */
    @Bean(destroyMethod = "dispose")
    LoopResources loopResources(GatewayProperties properties) {
        return LoopResources.create("gateway", properties.loops(), true);
    }

    @Bean
    ReactorResourceFactory reactorResourceFactory(LoopResources loops) {
        ReactorResourceFactory factory = new ReactorResourceFactory();
        factory.setUseGlobalResources(false);
        factory.setLoopResources(loops);
        factory.setConnectionProvider(reactor.netty.resources.ConnectionProvider.newConnection());
        return factory;
    }
}
