package dev.teal.cli.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A part as the launcher sees one: answers for its health, ends when asked, and writes its end into a journal. */
final class FakeProgram {
    private FakeProgram() {}

    /** Arguments: name, port, management port, journal, and {@code broken} for one that cannot start. */
    public static void main(String[] arguments) throws IOException {
        String name = arguments[0];
        if (arguments.length > 4) {
            System.out.println("no configuration for " + name);
            System.exit(1);
        }
        Path journal = Path.of(arguments[3]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> append(journal, name)));
        HttpServer front = server(Integer.parseInt(arguments[1]));
        front.createContext("/fleet/v1/stop", exchange -> {
            boolean allowed =
                    exchange.getRequestHeaders().getFirst("Authorization").startsWith("Bearer teal_");
            exchange.sendResponseHeaders(allowed ? 202 : 401, -1);
            exchange.close();
            if (allowed) {
                append(journal, "asked");
                new Thread(() -> System.exit(0)).start();
            }
        });
        front.start();
        HttpServer management = server(Integer.parseInt(arguments[2]));
        management.createContext("/actuator/health", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        management.start();
    }

    /** The parts that make a home of fakes, named as the real ones. */
    static List<List<Part>> stages(Home home, Ports ports, dev.teal.cli.terminal.Terminal terminal) {
        return List.of(List.of(
                fake("platform-api", home, ports.of(Port.API), ports.of(Port.API_MANAGEMENT), Program.Farewell.SIGTERM),
                fake(
                        "gateway",
                        home,
                        ports.of(Port.INFERENCE),
                        ports.of(Port.GATEWAY_MANAGEMENT),
                        Program.Farewell.SIGTERM),
                fake(
                        "fleet",
                        home,
                        ports.of(Port.FLEET),
                        ports.of(Port.FLEET_MANAGEMENT),
                        new FleetFarewell(home, ports.of(Port.FLEET), terminal))));
    }

    static Program fake(
            String name, Home home, int port, int managementPort, Program.Farewell farewell, String... more) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                FakeProgram.class.getName(),
                name,
                String.valueOf(port),
                String.valueOf(managementPort),
                journal(home).toString()));
        arguments.addAll(List.of(more));
        return new Program(name, java, java, home, arguments, Map::of, port, managementPort, farewell);
    }

    static Path journal(Home home) {
        return home.directory().resolve("journal");
    }

    private static HttpServer server(int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    }

    private static void append(Path journal, String line) {
        try {
            Files.writeString(journal, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
