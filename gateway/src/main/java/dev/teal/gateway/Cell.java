package dev.teal.gateway;

import dev.teal.gateway.Basics.CellKey;
import dev.teal.gateway.Basics.Ticker;
import dev.teal.gateway.activation.Lanes;
import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.gateway.fleet.DemandReports;
import dev.teal.gateway.fleet.FleetCalls;
import dev.teal.gateway.fleet.FleetFeed;
import dev.teal.gateway.fleet.FleetWakes;
import dev.teal.gateway.prepare.Preparation;
import dev.teal.gateway.report.Reports;
import dev.teal.gateway.report.Traffic;
import dev.teal.gateway.route.Routes;
import dev.teal.gateway.timing.Timers;
import dev.teal.gateway.workers.WorkerConnections;
import dev.teal.protocol.cell.CellMember;
import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.StateFile;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

/** The gateway as a member of its cell: what it follows, and what it tells. */
@Configuration(proxyBeanMethods = false)
class Cell {
    /** Random per process start: tells a restart from a reset of counts. */
    record Instance(String value) {}

    @Bean
    Instance instance(RandomGenerator random) {
        return new Instance(HexFormat.of().toHexDigits(random.nextLong()));
    }

    @Bean
    Routes routes(Ticker ticker, MeterRegistry meters) {
        Routes routes = new Routes(ticker);
        Gauge.builder(
                        "gateway.route.table.revision",
                        routes,
                        table -> table.current().revision())
                .register(meters);
        Gauge.builder("gateway.route.table.age", routes, Routes::ageSeconds)
                .baseUnit("seconds")
                .register(meters);
        return routes;
    }

    @Bean
    Traffic traffic(MeterRegistry meters) {
        return new Traffic(meters);
    }

    @Bean
    FleetWakes fleetWakes(GatewayProperties properties, CellKey key, LoopResources loops, MeterRegistry meters) {
        return new FleetWakes(properties.fleet(), key.value(), loops, meters);
    }

    @Bean
    FleetCalls fleetCalls(GatewayProperties properties, CellKey key) {
        return new FleetCalls(properties.fleet(), key.value());
    }

    @Bean
    Timers timers() {
        return new Timers();
    }

    @Bean
    Lanes lanes(
            GatewayProperties properties,
            LoopResources loops,
            AnswerMemory answers,
            FleetWakes wakes,
            Timers timers,
            Ticker ticker,
            MeterRegistry meters) {
        WorkerConnections connections = new WorkerConnections(
                new WorkerConnections.Settings(
                        properties.requestsPerConcurrency(),
                        properties.workerIdleTime(),
                        Math.min(properties.responseLimit().toBytes(), answers.mostOfOneBytes())),
                loops);
        Lanes.Limits limits = new Lanes.Limits(
                properties.waitingRequests(), properties.waitingBytes().toBytes());
        return new Lanes(connections, wakes, timers, ticker, meters, limits);
    }

    @Bean(initMethod = "start")
    FleetFeed fleetFeed(FleetCalls calls, Lanes lanes, RandomGenerator random, MeterRegistry meters) {
        FleetFeed feed = new FleetFeed(calls, lanes, random);
        Gauge.builder("gateway.fleet.reached", feed, there -> there.reached() ? 1 : 0)
                .register(meters);
        return feed;
    }

    @Bean(initMethod = "start")
    DemandReports demandReports(GatewayProperties properties, Instance instance, FleetCalls calls, Lanes lanes) {
        return new DemandReports(properties.id(), instance.value(), calls, lanes);
    }

    @Bean(initMethod = "start")
    Preparation preparation(Lanes lanes, ObjectProvider<CellMember> member) {
        return new Preparation(lanes, () -> member.getObject().reportNow());
    }

    @Bean
    CellMember cellMember(
            GatewayProperties properties,
            Instance instance,
            CellKey key,
            Routes routes,
            Traffic traffic,
            Preparation preparation,
            RandomGenerator random,
            MeterRegistry meters)
            throws IOException {
        CellMember member = new CellMember(
                properties.id(),
                properties.region(),
                new ControlPlane(properties.controlPlane(), properties.region(), key.value()),
                new StateFile(properties.stateDirectory()),
                new Reports(
                        instance.value(),
                        properties.software(),
                        properties.publicAddress(),
                        traffic,
                        () -> preparation),
                random);
        member.listen(routes::adopt);
        member.listen(preparation::adopt);
        Gauge.builder("gateway.control.plane.reached", member, there -> there.controlPlaneReached() ? 1 : 0)
                .register(meters);
        member.start();
        return member;
    }

    /** Whether the gateway can answer for its cell: it has a state document, or the control plane says that there is nothing in it yet. */
    interface Readiness extends BooleanSupplier {}

    @Bean
    Readiness readiness(Routes routes, CellMember member) {
        return () -> routes.ready() || member.controlPlaneReached();
    }

    /** Part of readiness on the management port; liveness depends on nobody else. */
    @Bean
    HealthIndicator routesHealthIndicator(Routes routes, CellMember member, Readiness readiness) {
        return () -> (readiness.getAsBoolean() ? Health.up() : Health.outOfService())
                .withDetail("revision", routes.current().revision())
                .withDetail("controlPlaneReached", member.controlPlaneReached())
                .build();
    }
}
