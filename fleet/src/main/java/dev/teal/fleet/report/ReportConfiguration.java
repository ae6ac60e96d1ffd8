package dev.teal.fleet.report;

import dev.teal.fleet.cell.CellProperties;
import dev.teal.fleet.run.Reconciler;
import dev.teal.fleet.run.Workers;
import dev.teal.protocol.cell.CellMember;
import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.StateFile;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class ReportConfiguration {

    /** Random per process start: gateways and the control plane tell a restart by it. */
    record Instance(String value) {}

    @Bean
    Instance instance() {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        return new Instance(HexFormat.of().formatHex(random));
    }

    @Bean
    ReadyWorkers readyWorkers(Instance instance, Workers workers) {
        ReadyWorkers ready = new ReadyWorkers(instance.value(), workers);
        workers.listen(ready::look);
        return ready;
    }

    @Bean(destroyMethod = "close")
    CellMember cellMember(
            CellProperties cell,
            ControlPlane controlPlane,
            StateFile file,
            Instance instance,
            Reconciler reconciler,
            Workers workers,
            Environment environment,
            WebServerApplicationContext web) {
        String software = "fleet " + version();
        String host = environment.getProperty("server.address", "127.0.0.1");
        FleetReports reports = new FleetReports(
                instance.value(), software, () -> "http://" + host + ":" + port(web), reconciler, workers);
        CellMember member =
                new CellMember(cell.id(), cell.region(), controlPlane, file, reports, RandomGenerator.getDefault());
        reconciler.listen(member::reportNow);
        workers.listen(member::reportNow);
        return member;
    }

    private static int port(WebServerApplicationContext web) {
        return web.getWebServer() == null ? 0 : web.getWebServer().getPort();
    }

    private static String version() {
        String version = ReportConfiguration.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
