package dev.teal.gateway;

import dev.teal.gateway.Basics.Peer;
import dev.teal.gateway.Basics.Ticker;
import dev.teal.gateway.activation.Lanes;
import dev.teal.gateway.admission.BodyMemory;
import dev.teal.gateway.admission.Keys;
import dev.teal.gateway.admission.Rates;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.gateway.answer.Answers;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.forward.Bodies;
import dev.teal.gateway.forward.DataPlane;
import dev.teal.gateway.forward.Forwarder;
import dev.teal.gateway.forward.StatisticsLooks;
import dev.teal.gateway.forward.WorkerStatistics;
import dev.teal.gateway.report.Traffic;
import dev.teal.gateway.route.Routes;
import dev.teal.gateway.timing.Timers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The data plane: one static route, and one filter over the table in force. */
@Configuration(proxyBeanMethods = false)
class Serving {
    private static final Logger log = LoggerFactory.getLogger(Serving.class);

    /** Off from the moment the gateway is told to stop; what is in flight is finished. */
    static final class Stopping implements ApplicationListener<ContextClosedEvent> {
        private final AtomicBoolean stopping = new AtomicBoolean();

        @Override
        public void onApplicationEvent(ContextClosedEvent event) {
            stopping.set(true);
        }

        boolean stopping() {
            return stopping.get();
        }
    }

    @Bean
    Stopping stopping() {
        return new Stopping();
    }

    @Bean
    BodyMemory bodyMemory(GatewayProperties properties, MeterRegistry meters) {
        return gauged(
                "gateway.body.memory", new BodyMemory(properties.bodyMemoryBytes()), BodyMemory::heldBytes, meters);
    }

    @Bean
    Rates rates(GatewayProperties properties, Ticker ticker, RandomGenerator random, MeterRegistry meters) {
        return new Rates(properties.rateOfKey(), ticker, random, meters);
    }

    @Bean
    AnswerMemory answerMemory(GatewayProperties properties, MeterRegistry meters) {
        return gauged(
                "gateway.answer.memory",
                new AnswerMemory(properties.answerMemoryBytes()),
                AnswerMemory::heldBytes,
                meters);
    }

    private static <M> M gauged(String name, M memory, ToDoubleFunction<M> heldBytes, MeterRegistry meters) {
        Gauge.builder(name, memory, heldBytes).baseUnit("bytes").register(meters);
        return memory;
    }

    @Bean
    Forwarder forwarder(Lanes lanes, Timers timers, AnswerMemory answers, Ticker ticker, MeterRegistry meters) {
        return new Forwarder(lanes, timers, answers, ticker, meters);
    }

    @Bean
    Bodies bodies(BodyMemory memory, Timers timers, GatewayProperties properties) {
        return new Bodies(memory, timers, properties.requestChunks());
    }

    @Bean
    WorkerStatistics workerStatistics(Lanes lanes) {
        return new WorkerStatistics(lanes);
    }

    @Bean
    StatisticsLooks statisticsLooks(WorkerStatistics statistics, Lanes lanes, Routes routes, Timers timers) {
        StatisticsLooks looks = new StatisticsLooks(statistics, lanes, routes, timers);
        looks.start();
        return looks;
    }

    @Bean
    DataPlane dataPlane(
            Routes routes,
            InstantSource clock,
            Peer peer,
            Stopping stopping,
            Cell.Readiness readiness,
            GatewayProperties properties,
            Rates rates,
            Forwarder forwarder,
            Bodies bodies,
            WorkerStatistics statistics,
            Traffic traffic,
            RandomGenerator random) {
        return new DataPlane(
                routes,
                new Keys(clock),
                rates,
                peer,
                () -> readiness.getAsBoolean() && !stopping.stopping(),
                properties.software(),
                forwarder,
                bodies,
                statistics,
                traffic,
                random);
    }

    @Bean
    Route onlyRoute(DataPlane dataPlane) {
        return Route.async()
                .id("data-plane")
                .uri("http://workers.invalid")
                .asyncPredicate(_ -> Mono.just(true))
                .filter(dataPlane)
                .build();
    }

    /** Under this name it takes the place of the locator that collects and caches route definitions: there is this one and no other. */
    @Primary
    @Bean("cachedCompositeRouteLocator")
    RouteLocator onlyRoutes(Route onlyRoute) {
        Flux<Route> routes = Flux.just(onlyRoute);
        return () -> routes;
    }

    /**
     * Takes each request of the data plane straight to the one route's filters: a search for a handler among mappings and routes of which there is
     * one costs more than all that is done here for a request. The management port is a context of its own and goes its own way.
     */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebFilter straightToTheRoute(Route onlyRoute, FilteringWebHandler handler, ApplicationContext context) {
        return (exchange, chain) -> {
            if (exchange.getApplicationContext() != context) {
                return chain.filter(exchange);
            }
            exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, onlyRoute);
            return handler.handle(exchange);
        };
    }

    /** Whatever nobody has answered. */
    @Bean
    @Order(-2)
    ErrorWebExceptionHandler errors() {
        return (exchange, problem) -> {
            if (exchange.getResponse().isCommitted()) {
                return Mono.error(problem);
            }
            if (problem instanceof ResponseStatusException refused) {
                return Answers.write(
                        exchange.getResponse(),
                        new Answer.Failure(
                                refused.getStatusCode().value(),
                                Outcome.REJECTED,
                                refused.getReason() == null
                                        ? refused.getStatusCode().toString()
                                        : refused.getReason(),
                                0));
            }
            log.atError().setCause(problem).log("Request failed within the gateway");
            return Answers.write(
                    exchange.getResponse(),
                    new Answer.Failure(500, Outcome.FAILED, "the gateway failed; see its log", 0));
        };
    }
}
