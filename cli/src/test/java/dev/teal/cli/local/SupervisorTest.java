package dev.teal.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(new PrintStream(said, true, StandardCharsets.UTF_8));
    private Home home;
    private RunRecords records;
    private Supervisor supervisor;

    @BeforeEach
    void createHome() throws IOException {
        home = new Home(directory.resolve("home"));
        home.create();
        Secrets.readOrCreate(home.cellKey());
        records = new RunRecords(home.run());
        supervise(FakeProgram.stages(home, new Ports(FreePorts.forAll()), terminal));
    }

    @AfterEach
    void stop() throws InterruptedException {
        supervisor.stop();
    }

    @Test
    void givenAPartIsKilledItIsStartedAgainAndItSaysSo() throws Exception {
        supervisor.start();
        RunRecord before = records.read("gateway").orElseThrow();

        kill(before);

        await().atMost(LIMIT)
                .until(() -> records.running("gateway")
                        .filter(now -> now.pid() != before.pid())
                        .isPresent());
        await().atMost(LIMIT)
                .until(() -> PartStatus.all(records).stream()
                        .anyMatch(part -> part.part().equals("gateway") && part.state() == PartStatus.State.UP));
        assertThat(said()).contains("gateway        ended; starting it again in 1.0 s");
    }

    @Test
    void givenAStopTheGatewayGoesFirstAndTheFleetIsAskedToTakeItsWorkers() throws Exception {
        supervisor.start();

        supervisor.stop();

        assertThat(Files.readAllLines(FakeProgram.journal(home)))
                .containsExactly("gateway", "asked", "fleet", "platform-api");
        assertThat(records.read("gateway")).isEmpty();
    }

    @Test
    void givenAPartThatCannotStartTheReasonIsShownAndTheOthersAreStopped() throws Exception {
        Ports ports = new Ports(FreePorts.forAll());
        List<List<Part>> stages = List.of(
                List.of(FakeProgram.fake(
                        "platform-api",
                        home,
                        ports.of(Port.API),
                        ports.of(Port.API_MANAGEMENT),
                        Program.Farewell.SIGTERM)),
                List.of(FakeProgram.fake(
                        "gateway",
                        home,
                        ports.of(Port.INFERENCE),
                        ports.of(Port.GATEWAY_MANAGEMENT),
                        Program.Farewell.SIGTERM,
                        "broken")));
        supervise(stages);

        assertThatThrownBy(() -> supervisor.start())
                .isInstanceOf(Refused.class)
                .hasMessageContaining("gateway ended while starting")
                .hasMessageContaining("no configuration for gateway");
        assertThat(records.read("platform-api")).isEmpty();
        assertThat(Files.readAllLines(FakeProgram.journal(home))).containsExactly("platform-api");
    }

    @Test
    void givenPartsOfALauncherThatWasKilledTheyAreTakenOver() throws Exception {
        List<List<Part>> stages = FakeProgram.stages(home, new Ports(FreePorts.forAll()), terminal);
        Supervisor killed = new Supervisor(stages, Installation.stopOrder(stages), records, terminal);
        killed.start();
        long pid = records.read("gateway").orElseThrow().pid();
        // What is not recorded: it was killed between a start and the record of it.
        records.remove("platform-api");

        supervise(stages);
        supervisor.start();

        assertThat(records.read("gateway").orElseThrow().pid()).isEqualTo(pid);
        assertThat(records.running("platform-api")).isPresent();
        assertThat(said()).contains("gateway        runs already");
        killed.stop();
    }

    @Test
    void givenARecordOfAPidThatIsNowAnotherProgramThatProgramIsLeftAlone() throws Exception {
        Process bystander = new ProcessBuilder("sleep", "600").start();
        try {
            records.write(new RunRecord("gateway", bystander.pid(), Instant.EPOCH, 1, 1, "none"));

            boolean stopped =
                    Stopping.stop(FakeProgram.fake("gateway", home, 1, 1, Program.Farewell.SIGTERM), records, terminal);

            assertThat(stopped).isFalse();
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly();
        }
    }

    private void supervise(List<List<Part>> stages) {
        supervisor = new Supervisor(stages, Installation.stopOrder(stages), records, terminal);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private static void kill(RunRecord part) {
        part.process().find().orElseThrow().destroyForcibly();
        await().atMost(LIMIT).until(() -> part.process().find().isEmpty());
    }
}
