package dev.teal.cli.local;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.teal.protocol.cell.Digests;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Java program of ours.
 *
 * @param file the program's jar: another build is another program
 * @param arguments of the java command, from the options on
 * @param environment on top of ours, read at each start; for secrets, since everybody can read a command line
 * @param port and {@code managementPort} as its arguments say; {@code /actuator/health} of the latter tells when it is ready
 * @param farewell how it is asked to end
 */
record Program(
        String name,
        Path java,
        Path file,
        Home home,
        List<String> arguments,
        Environment environment,
        int port,
        int managementPort,
        Farewell farewell)
        implements Part {
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(3);
    /** A log of more than this is set aside at the next start, once. */
    private static final long LARGE_LOG_BYTES = 50L << 20;

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(HEALTH_LIMIT)
            .build();

    /** Asks a program to end. What happens after that if it does not is the same for all. */
    interface Farewell {
        void say(ProcessHandle process) throws IOException, InterruptedException;

        Farewell SIGTERM = ProcessHandle::destroy;
    }

    /** Variables that may be known only once other parts run. */
    interface Environment {
        Map<String, String> read() throws IOException;

        Environment NOTHING = Map::of;
    }

    Program {
        arguments = List.copyOf(arguments);
    }

    @Override
    public Path log() {
        return home.log(name);
    }

    @Override
    public Duration startLimit() {
        return Duration.ofSeconds(
                240); // seconds on an idle machine; a small one that also builds has taken two minutes
    }

    @Override
    public String fingerprint() {
        try {
            String build = Files.size(file) + " " + Files.getLastModifiedTime(file);
            return Digests.of(String.join("\n", arguments) + "\n" + environment.read() + "\n" + build);
        } catch (IOException e) {
            return "missing " + file;
        }
    }

    @Override
    public Optional<ProcessHandle> unrecorded() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(ProcessId::runs)
                    .filter(process -> process.info()
                            .arguments()
                            .filter(seen -> List.of(seen).contains(marker()))
                            .isPresent())
                    .findFirst();
        }
    }

    @Override
    public ProcessHandle start() throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LARGE_LOG_BYTES) {
            Files.move(log(), home.log(name + ".old"), REPLACE_EXISTING);
        }
        List<String> command =
                OwnSession.command(Stream.concat(Stream.of(java.toString(), marker()), arguments.stream())
                        .toList());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().putAll(environment.read());
        return builder.start().toHandle();
    }

    @Override
    public boolean isReady() throws InterruptedException {
        try {
            URI health = URI.create("http://127.0.0.1:" + managementPort + "/actuator/health");
            HttpRequest request =
                    HttpRequest.newBuilder(health).timeout(HEALTH_LIMIT).build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void stop(ProcessHandle process) throws IOException, InterruptedException {
        farewell.say(process);
        Ending.await(process);
    }

    /** Stands first among the arguments, so that a process of this home is known even where nothing else tells of it. */
    private String marker() {
        return "-Dteal.part=" + name + "@" + home.directory();
    }
}
