package dev.teal.e2e;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A whole Teal of real processes in a home of its own, started as a user does, on free ports. */
final class TealUnderTest implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("teal.root"));
    static final String LAUNCHER = "launcher";
    private static final Duration UP_TIMEOUT = Duration.ofMinutes(5);

    private final Path home;
    private final List<String> ports;
    private final URI apiAddress;
    private final URI inferenceAddress;
    private final int grpcPort;

    private TealUnderTest(Path home, int apiPort, int inferencePort, int grpcPort, List<String> ports) {
        this.home = home;
        this.ports = ports;
        this.apiAddress = URI.create("http://127.0.0.1:" + apiPort);
        this.inferenceAddress = URI.create("http://127.0.0.1:" + inferencePort);
        this.grpcPort = grpcPort;
    }

    static TealUnderTest start() throws IOException, InterruptedException {
        List<Integer> free = freePorts(7);
        List<String> ports = List.of(
                "--api-port=" + free.get(0),
                "--inference-port=" + free.get(1),
                "--inference-grpc-port=" + free.get(6),
                "--fleet-port=" + free.get(2),
                "--api-management-port=" + free.get(3),
                "--gateway-management-port=" + free.get(4),
                "--fleet-management-port=" + free.get(5));
        TealUnderTest teal =
                new TealUnderTest(Files.createTempDirectory("teal-e2e-"), free.get(0), free.get(1), free.get(6), ports);
        teal.up();
        return teal;
    }

    int grpcPort() {
        return grpcPort;
    }

    /** {@code teal up -d}: returns when everything is ready. */
    void up() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("up", "-d", "--home", home.toString()));
        arguments.addAll(ports);
        Outcome outcome = teal(arguments);
        if (outcome.exit() != 0) {
            throw new AssertionError("teal up ended with " + outcome.exit() + ":\n" + outcome.output());
        }
    }

    record Outcome(int exit, String output) {}

    Outcome teal(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                ROOT.resolve("cli/target/cli.jar").toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile(home, "teal-", ".out");
        Process process = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(UP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("teal " + arguments + " did not end:\n" + Files.readString(output));
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }

    Path home() {
        return home;
    }

    Api api() throws IOException {
        return new Api(
                apiAddress, Files.readString(home.resolve("secrets/admin.key")).trim());
    }

    URI apiAddress() {
        return apiAddress;
    }

    URI inference(String path) {
        return inferenceAddress.resolve(path);
    }

    URI infer(String endpoint) {
        return inference("/v2/models/" + endpoint + "/infer");
    }

    /** A part's pid, or the {@link #LAUNCHER}'s, from {@code teal status --json}. */
    long pid(String part) throws IOException, InterruptedException {
        JsonNode status = Json.MAPPER.readTree(
                teal(List.of("status", "--json", "--home", home.toString())).output());
        if (part.equals(LAUNCHER)) {
            return status.path("launcherPid").asLong();
        }
        for (JsonNode row : status.path("parts")) {
            if (row.path("part").asString("").equals(part)) {
                return row.path("pid").asLong();
            }
        }
        throw new AssertionError("no part " + part + " in " + status);
    }

    /** {@code kill -9}, and waits until the process is gone. */
    static void killHard(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        });
    }

    /** {@code teal down}, and the home is removed. */
    @Override
    public void close() throws IOException {
        try {
            Outcome outcome = teal(List.of("down", "--home", home.toString()));
            if (outcome.exit() != 0) {
                throw new AssertionError("teal down ended with " + outcome.exit() + ":\n" + outcome.output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Teal goes down", e);
        }
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
