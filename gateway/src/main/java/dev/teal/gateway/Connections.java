package dev.teal.gateway;

import dev.teal.gateway.admission.Body;
import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.gateway.connection.AddressLimit;
import dev.teal.gateway.connection.BrokenRequests;
import dev.teal.gateway.connection.CountedAnswers;
import dev.teal.gateway.connection.EmptyErrors;
import dev.teal.gateway.connection.HeadLimits;
import dev.teal.gateway.connection.StalledReaders;
import dev.teal.gateway.connection.UnreadBodies;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelPipeline;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** What a connection may cost. The settings of the decoder are one object, so whoever sets it last sets all: this does, in place of Spring. */
@Configuration(proxyBeanMethods = false)
class Connections {
    @Bean
    AddressLimit addressLimit(GatewayProperties properties) {
        return new AddressLimit(properties.connectionsPerAddress());
    }

    /** Without an order, so after Spring's own. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> connectionLimits(
            GatewayProperties properties, AddressLimit addresses) {
        return factory -> factory.addServerCustomizers(server -> limited(server, properties, addresses));
    }

    /** What a connection may hold of the memory of answers, and for how long. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> answerLimits(
            GatewayProperties properties, AnswerMemory memory, MeterRegistry meters) {
        Counter stalled = Counter.builder("gateway.answer.stalled").register(meters);
        return factory -> factory.addServerCustomizers(server -> server.doOnChannelInit((_, channel, _) -> {
            channel.pipeline()
                    .addBefore(
                            NettyPipeline.HttpCodec, "readers", new StalledReaders(properties.answerPause(), stalled))
                    .addAfter(NettyPipeline.HttpCodec, "counted", new CountedAnswers(memory));
        }));
    }

    private static HttpServer limited(HttpServer server, GatewayProperties properties, AddressLimit addresses) {
        return server.httpRequestDecoder(decoder -> decoder.maxInitialLineLength(
                                (int) properties.requestLine().toBytes())
                        .maxHeaderSize((int) properties.requestHeaderSize().toBytes())
                        .allowPartialChunks(false))
                .doOnChannelInit((_, channel, _) -> limit(channel.pipeline(), properties, addresses));
    }

    private static void limit(ChannelPipeline pipeline, GatewayProperties properties, AddressLimit addresses) {
        HeadLimits head = new HeadLimits(properties.requestHeaders(), properties.requestHeadTime());
        pipeline.addBefore(NettyPipeline.HttpCodec, "head.bytes", head.bytes());
        pipeline.addAfter(NettyPipeline.HttpCodec, "addresses", addresses.counting());
        pipeline.addAfter("addresses", "head", head);
        pipeline.addAfter("head", "unread", new UnreadBodies(Body.LINGER_BYTES));
        pipeline.addAfter("unread", "broken", new BrokenRequests());
        pipeline.addAfter("broken", "empty", new EmptyErrors());
    }
}
