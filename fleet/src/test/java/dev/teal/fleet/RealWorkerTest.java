package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.REGION;
import static dev.teal.fleet.kit.RunningFleet.LIMIT;
import static dev.teal.fleet.kit.RunningFleet.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.teal.fleet.kit.FakeControlPlane;
import dev.teal.fleet.kit.RunningFleet;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.greedy.GreedyModel;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker that computes, with a model of the examples; where it has been built. */
class RealWorkerTest {

    private static final Path ROOT = Path.of(System.getProperty("teal.root", ".."));
    private static final Path JAR = ROOT.resolve("inference-worker/target/inference-worker.jar");
    private static final Path MODELS = ROOT.resolve("examples/models/fraud-detection");
    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(
                    new TensorSpec("features", Datatype.FP32, List.of(-1L, 8L)),
                    new TensorSpec("merchant_category", Datatype.INT64, List.of(-1L))),
            List.of(
                    new TensorSpec("label", Datatype.INT64, List.of(-1L)),
                    new TensorSpec("probabilities", Datatype.FP32, List.of(-1L, 2L))),
            17);

    @TempDir
    Path home;

    private FakeControlPlane controlPlane;
    private RunningFleet fleet;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.isRegularFile(JAR), "inference-worker has not been built");
        controlPlane = new FakeControlPlane();
        fleet = RunningFleet.start(home, controlPlane, "--fleet.worker.jar=" + JAR, "--fleet.worker.heap=256MB");
    }

    @AfterEach
    void end() {
        if (fleet != null) {
            fleet.end();
            controlPlane.close();
        }
    }

    private EnvironmentState greedy(GreedyModel model) throws IOException {
        String digest = controlPlane.artifact(model.bytes());
        return new EnvironmentState(
                "fraud-green",
                Color.GREEN,
                EnvironmentPhase.LOADING,
                "greedy",
                "1",
                digest,
                2_000,
                "/cell/v1/" + REGION + "/artifacts/" + digest,
                null,
                null,
                GreedyModel.SIGNATURE,
                new RuntimeSettings(1, 1),
                new Scaling(1, 1, 60_000),
                null);
    }

    private EnvironmentState environment(String model, Scaling scaling) throws IOException {
        String digest = controlPlane.artifact(Files.readAllBytes(MODELS.resolve(model)));
        String samples = controlPlane.artifact(Files.readAllBytes(MODELS.resolve("v1.samples.json")));
        return new EnvironmentState(
                "fraud-blue",
                Color.BLUE,
                EnvironmentPhase.ACTIVE,
                "fraud-detection",
                "1",
                digest,
                2_000,
                "/cell/v1/" + REGION + "/artifacts/" + digest,
                samples,
                "/cell/v1/" + REGION + "/artifacts/" + samples,
                SIGNATURE,
                new RuntimeSettings(1, 2),
                scaling,
                null);
    }

    @Test
    void givenAModelItWakesAndGoesToZeroWhenIdle() throws IOException {
        until(() -> fleet.facts().stream().anyMatch(fact -> fact.state() == WorkerState.UNASSIGNED));
        EnvironmentState wanted = environment("v1.onnx", new Scaling(0, 1, 500));
        controlPlane.set(wanted);
        until(() -> controlPlane.fact().isPresent());

        WorkerAddress worker = fleet.woken(wanted.digest());

        var fact = fleet.fact(worker.id());
        assertThat(fact.memory().afterWarmUpBytes()).isPositive();
        assertThat(fact.coldStart().totalMillis()).isPositive();
        assertThat(fact.coldStart().processMillis()).isZero();
        assertThat(Path.of(worker.address().substring("unix:".length()))).exists();
        until(() -> {
            fleet.demand(wanted.digest(), 0, 0, 0);
            return fleet.ready().isEmpty();
        });
    }

    @Test
    void givenAModelWithOtherAnswersItIsNeverReady() throws IOException {
        EnvironmentState wanted = environment("bad/drifted.onnx", new Scaling(0, 1, 60_000));
        controlPlane.set(wanted);
        until(() -> controlPlane.fact().isPresent());

        HttpResponse<String> answer = fleet.wake(wanted.digest(), LIMIT);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains(WorkerFailure.Code.GOLDEN_MISMATCH.name());
        assertThat(fleet.ready()).isEmpty();
    }

    @Test
    void givenAModelThatWantsAllMemoryItFailsAloneAndOthersServe() throws IOException {
        fleet.end();
        fleet = RunningFleet.start(
                home,
                controlPlane,
                "--fleet.worker.jar=" + JAR,
                "--fleet.worker.heap=64MB",
                "--fleet.worker.pool=0",
                "--fleet.worker.memory-limit=400MB");
        EnvironmentState good = environment("v1.onnx", new Scaling(1, 1, 60_000));
        controlPlane.set(good);
        until(() -> fleet.ready().size() == 1);
        String serving = fleet.ready().getFirst().id();

        controlPlane.set(good, greedy(GreedyModel.CONSTANT));

        until(() -> controlPlane
                .fact("fraud-green")
                .map(fact -> fact.failure() != null)
                .orElse(false));
        assertThat(controlPlane.fact("fraud-green").orElseThrow().failure().code())
                .isEqualTo(WorkerFailure.Code.MEMORY_EXCEEDED);
        assertThat(fleet.ready()).extracting(WorkerAddress::id).containsExactly(serving);
    }

    @Test
    void givenAServingWorkerThatWasAdoptedEndsForItsMemoryTheFleetKnowsIt() throws IOException {
        fleet.end();
        String[] small = {
            "--fleet.worker.jar=" + JAR,
            "--fleet.worker.heap=64MB",
            "--fleet.worker.pool=0",
            "--fleet.worker.memory-limit=400MB"
        };
        fleet = RunningFleet.start(home, controlPlane, small);
        EnvironmentState good = environment("v1.onnx", new Scaling(0, 1, 60_000));
        EnvironmentState green = greedy(GreedyModel.MANY_ALLOCATIONS);
        controlPlane.set(good, green);
        until(() -> fleet.ready().size() == 1);
        WorkerAddress worker = fleet.ready().getFirst();
        fleet.close();
        fleet = RunningFleet.start(home, controlPlane, small);
        assertThat(fleet.ready()).containsExactly(worker);

        ask(worker, "{\"inputs\":[{\"name\":\"n\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[5000000]}]}");

        MeterRegistry meters = fleet.bean(MeterRegistry.class);
        until(() -> meters.find("fleet.worker.exits").tag("reason", "memory").counter() != null);
    }

    /** A request whose answer nobody waits for. */
    private static void ask(WorkerAddress worker, String body) throws IOException {
        Path socket = Path.of(worker.address().substring("unix:".length()));
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            connection.write(ByteBuffer.wrap(("POST /v2/models/fraud/infer HTTP/1.1\r\nHost: worker\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII)));
            connection.read(ByteBuffer.allocate(1));
        }
    }
}
