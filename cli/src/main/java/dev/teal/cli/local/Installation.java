package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The built programs of this source tree, and the command of each part. */
public record Installation(Path root) {
    /** In the order of stopping: gateway first, so that nobody is let in any more; the database last, when nobody writes any more. */
    static final List<String> PARTS = List.of("gateway", "fleet", "platform-api", Database.NAME);

    /** Where {@code ./teal} says the tree is; else the tree that this program's jar was built in. */
    public static Installation ofThisProgram() {
        String told = System.getProperty("teal.root");
        if (told != null) {
            return new Installation(Path.of(told).toAbsolutePath().normalize());
        }
        try {
            Path jar = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new Installation(jar.resolve("../../..").normalize());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a jar's place is a file", e);
        }
    }

    public Path examples() {
        return root.resolve("examples/models");
    }

    Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    Path jar(String module) {
        Path jar = root.resolve(module).resolve("target").resolve(module + ".jar");
        if (Files.notExists(jar)) {
            throw new Refused(Refused.USAGE, jar + " is missing. Build it: ./teal up does, or mvn -DskipTests package");
        }
        return jar;
    }

    /** In the order of starting: what others need first; what needs nobody at once. */
    List<List<Part>> stages(Home home, Ports ports, Terminal terminal) {
        return List.of(
                List.of(new Database(home, ports.of(Port.POSTGRES))),
                List.of(platformApi(home, ports), gateway(home, ports), fleet(home, ports, terminal)));
    }

    static List<Part> stopOrder(List<List<Part>> stages) {
        return stages.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingInt(part -> PARTS.indexOf(part.name())))
                .toList();
    }

    private Part platformApi(Home home, Ports ports) {
        return spring(
                "platform-api",
                home,
                ports.of(Port.API),
                ports.of(Port.API_MANAGEMENT),
                List.of("-Xmx384m", "-XX:+UseSerialGC"),
                List.of(
                        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + ports.of(Port.POSTGRES) + "/teal",
                        "--spring.datasource.username=teal",
                        "--platform.artifacts.directory=" + home.artifacts(),
                        "--platform.cells.key-file=" + home.cellKey(),
                        "--platform.cells.regions=local",
                        "--platform.admin-key-file=" + home.adminKey()),
                () -> Map.of(
                        "SPRING_DATASOURCE_PASSWORD",
                        Files.readString(home.postgresPassword()).strip()),
                Program.Farewell.SIGTERM);
    }

    private Part gateway(Home home, Ports ports) {
        return spring(
                "gateway",
                home,
                ports.of(Port.INFERENCE),
                ports.of(Port.GATEWAY_MANAGEMENT),
                List.of(
                        "-Xmx512m",
                        "-XX:+UseG1GC"), // it alone is on every request's way: short pauses before small memory
                List.of(
                        "--gateway.id=gateway-1",
                        "--gateway.region=local",
                        "--gateway.control-plane=" + local(ports.of(Port.API)),
                        "--gateway.fleet=" + local(ports.of(Port.FLEET)),
                        "--gateway.key-file=" + home.cellKey(),
                        "--gateway.state-directory=" + home.gatewayState(),
                        "--gateway.grpc-port=" + ports.of(Port.INFERENCE_GRPC),
                        "--gateway.public-address=" + local(ports.of(Port.INFERENCE))),
                Program.Environment.NOTHING,
                Program.Farewell.SIGTERM);
    }

    private Part fleet(Home home, Ports ports, Terminal terminal) {
        return spring(
                "fleet",
                home,
                ports.of(Port.FLEET),
                ports.of(Port.FLEET_MANAGEMENT),
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                List.of(
                        "--fleet.id=fleet-1",
                        "--fleet.region=local",
                        "--fleet.control-plane=" + local(ports.of(Port.API)),
                        "--fleet.key-file=" + home.cellKey(),
                        "--fleet.state-directory=" + home.fleetState(),
                        "--fleet.worker.jar=" + jar("inference-worker"),
                        "--fleet.worker.java=" + java(),
                        "--fleet.worker.pool=1"),
                Program.Environment.NOTHING,
                new FleetFarewell(home, ports.of(Port.FLEET), terminal));
    }

    private Part spring(
            String name,
            Home home,
            int port,
            int managementPort,
            List<String> options,
            List<String> properties,
            Program.Environment environment,
            Program.Farewell farewell) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add(
                "-XX:+ExitOnOutOfMemoryError"); // a part that has run out is no longer one that can be trusted: it is
        // started again
        arguments.add("--enable-native-access=ALL-UNNAMED");
        arguments.addAll(List.of("-jar", jar(name).toString()));
        arguments.addAll(List.of(
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--management.server.port=" + managementPort,
                "--management.server.address=127.0.0.1"));
        arguments.addAll(properties);
        return new Program(name, java(), jar(name), home, arguments, environment, port, managementPort, farewell);
    }

    private static String local(int port) {
        return "http://127.0.0.1:" + port;
    }
}
