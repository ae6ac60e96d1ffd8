package dev.teal.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final List<String> PARTS = List.of("platform-api", "gateway", "fleet");

    @TempDir
    Path directory;

    private final Map<Port, Integer> ports = FreePorts.forAll();
    private final List<Process> launchers = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (Process launcher : launchers) {
            launcher.destroy();
            if (!launcher.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
        }
        for (String part : PARTS) {
            records().running(part).flatMap(found -> found.process().find()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void givenItIsToldToEndEverythingEndsInOrder() throws Exception {
        Process launcher = launch();
        awaitReady(launcher);

        launcher.destroy();

        assertThat(launcher.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(FakeProgram.journal(home())))
                .containsExactly("gateway", "asked", "fleet", "platform-api");
        assertThat(said()).contains("Stopping Teal").contains("Teal is down");
        assertThat(records().read(LauncherState.FILE, LauncherState.class)).isEmpty();
    }

    @Test
    void givenTheLauncherIsKilledTheNextOneFindsAllPartsServing() throws Exception {
        Process killed = launch();
        awaitReady(killed);
        List<Long> before = pids();

        killed.destroyForcibly().waitFor();
        Process next = launch();
        awaitReady(next);

        assertThat(pids()).isEqualTo(before);
    }

    @Test
    void givenAPartDiedAfterItsLauncherTheNextOneStartsThatOne() throws Exception {
        Process killed = launch();
        awaitReady(killed);
        List<Long> before = pids();
        killed.destroyForcibly().waitFor();
        RunRecord fleet = records().read("fleet").orElseThrow();
        fleet.process().find().orElseThrow().destroyForcibly();
        await().atMost(LIMIT).until(() -> fleet.process().find().isEmpty());

        Process next = launch();
        awaitReady(next);

        assertThat(pids().subList(0, 2)).isEqualTo(before.subList(0, 2));
        assertThat(pids().get(2)).isNotEqualTo(before.get(2));
    }

    @Test
    void givenOneRunsASecondOneLeavesItAlone() throws Exception {
        awaitReady(launch());

        Process second = launch();

        assertThat(second.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(9);
        assertThat(pids()).hasSize(3);
    }

    @Test
    void givenATakenPublicPortNothingIsStartedAndTheMessageSaysWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(ports.get(Port.API), 1, InetAddress.getLoopbackAddress())) {
            Process launcher = launch();

            assertThat(launcher.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(launcher.exitValue()).isEqualTo(2);
            assertThat(said())
                    .contains("Port " + taken.getLocalPort() + ", for the API and Swagger UI, is taken by java (pid "
                            + ProcessHandle.current().pid())
                    .contains("--api-port")
                    .contains("TEAL_API_PORT");
        }
        assertThat(records().read("gateway")).isEmpty();
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                FakeLauncher.class.getName(),
                home().directory().toString()));
        ports.values().forEach(port -> command.add(String.valueOf(port)));
        Process launcher = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .start();
        launchers.add(launcher);
        return launcher;
    }

    private void awaitReady(Process launcher) {
        await().atMost(LIMIT)
                .until(() -> LocalTeal.running(home()).isPresent()
                        && records()
                                        .read(LauncherState.FILE, LauncherState.class)
                                        .orElseThrow()
                                        .pid()
                                == launcher.pid());
    }

    private List<Long> pids() throws IOException {
        List<Long> pids = new ArrayList<>();
        for (String part : PARTS) {
            pids.add(records().running(part).orElseThrow().pid());
        }
        return pids;
    }

    private String said() throws IOException {
        return Files.readString(output());
    }

    private Path output() {
        return directory.resolve("output");
    }

    private Home home() {
        return new Home(directory.resolve("home"));
    }

    private RunRecords records() {
        return new RunRecords(home().run());
    }
}
