package dev.teal.worker;

import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.greedy.OnnxFile;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import dev.teal.worker.contain.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are kept as the runtime has optimised them, and what becomes of a file that is not as it should be. */
class OptimisedModelTest {
    private static final int ELEMENTS = 200_000;
    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("n", Datatype.INT64, List.of(1L))),
            List.of(new TensorSpec("y", Datatype.INT64, List.of())),
            17);

    @TempDir
    Path directory;

    /** 1.6 MB that answer {@code n} times the last element. */
    private Assignment model(long first) throws IOException {
        byte[] bytes = new OnnxFile()
                .input("n", OnnxFile.INT64, 1)
                .output("y", OnnxFile.INT64)
                .int64s(
                        "w",
                        new long[] {ELEMENTS},
                        LongStream.range(first, first + ELEMENTS).toArray())
                .node("Mul", "n w -> t")
                .node("ReduceMax", "t -> y", "keepdims", 0)
                .bytes();
        Path artifact = Files.write(directory.resolve("model-" + first + ".onnx"), bytes);
        Path samples = Files.writeString(
                directory.resolve("samples-" + first + ".json"), """
                [{"inputs": [{"name": "n", "datatype": "INT64", "shape": [1], "data": [3]}],
                  "outputs": [{"name": "y", "datatype": "INT64", "shape": [], "data": [%d]}]}]""".formatted(3 * (first + ELEMENTS - 1)));
        return assignment(artifact, samples, SIGNATURE);
    }

    private Path cache() {
        return directory.resolve("optimised");
    }

    private WorkerStatus start(Assignment assignment) throws IOException {
        try (TestWorker worker = new TestWorker(16, 1 << 20, Limits.DEFAULT, cache())) {
            WorkerStatus status = worker.prove(assignment);
            if (status.state() == WorkerState.READY) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> kept(assignment).isPresent());
            }
            return status;
        }
    }

    private Optional<Path> kept(Assignment assignment) throws IOException {
        try (var files = Files.list(cache())) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(assignment.digest().substring(7)) && name.endsWith(".ort");
                    })
                    .findFirst();
        }
    }

    private boolean isMapped(Path file) throws IOException {
        return Files.readString(Path.of("/proc/self/maps")).contains(file.toString());
    }

    @Test
    void aModelIsKeptAtItsFirstLoadAndMappedAtTheNext() throws IOException {
        Assignment model = model(10);

        assertThat(start(model).state()).isEqualTo(WorkerState.READY);
        Path kept = kept(model).orElseThrow();
        assertThat(Files.isWritable(kept) && !System.getProperty("user.name").equals("root"))
                .isFalse();
        assertThat(isMapped(kept)).isFalse();

        try (TestWorker worker = new TestWorker(16, 1 << 20, Limits.DEFAULT, cache())) {
            assertThat(worker.prove(model).state()).isEqualTo(WorkerState.READY);
            assertThat(isMapped(kept)).isTrue();
        }
    }

    @Test
    void whoeverWaitsForAFirstLoadDoesNotWaitForItsFile() throws IOException {
        Assignment model = model(15);

        try (TestWorker worker = new TestWorker(16, 1 << 20, Limits.DEFAULT, cache())) {
            assertThat(worker.prove(model).state()).isEqualTo(WorkerState.READY);
            assertThat(cache()).isEmptyDirectory();

            await().atMost(Duration.ofSeconds(60)).until(() -> kept(model).isPresent());
            assertThat(isMapped(kept(model).orElseThrow())).isFalse();
        }
        assertThat(cache().toFile().list()).hasSize(1);
    }

    @Test
    void aFileThatWasChangedOrCutOffIsMadeAnew() throws IOException {
        Assignment model = model(20);
        start(model);
        byte[] right = Files.readAllBytes(kept(model).orElseThrow());
        byte[] changed = right.clone();
        changed[right.length / 2] ^= 1;

        for (byte[] wrong : List.of(changed, Arrays.copyOf(right, right.length / 2), new byte[0])) {
            Path kept = kept(model).orElseThrow();
            Files.delete(kept);
            Files.write(kept, wrong);

            assertThat(start(model).state()).isEqualTo(WorkerState.READY);

            assertThat(Files.readAllBytes(kept(model).orElseThrow()))
                    .isNotEqualTo(wrong)
                    .hasSize(right.length);
        }
    }

    @Test
    void aFileOfAnotherModelIsFoundOutByTheGoldenSamples() throws IOException {
        Assignment model = model(30);
        Assignment other = model(40);
        start(model);
        start(other);
        Path kept = kept(model).orElseThrow();
        Path wrong = kept(other).orElseThrow();
        Path posing = cache().resolve(wrong.getFileName()
                .toString()
                .replace(other.digest().substring(7), model.digest().substring(7)));
        Files.delete(kept);
        Files.copy(wrong, posing);

        assertThat(start(model).state()).isEqualTo(WorkerState.READY);

        assertThat(posing).doesNotExist();
        // Kept anew, not always with the same bytes: the runtime writes one of two orders
        assertThat(kept(model)).isPresent();
    }

    @Test
    void aCacheThatCannotBeWrittenIsNoHindrance() throws IOException {
        Files.writeString(cache(), "a file where a directory should be");

        try (TestWorker worker = new TestWorker(16, 1 << 20, Limits.DEFAULT, cache())) {
            assertThat(worker.prove(model(50)).state()).isEqualTo(WorkerState.READY);
        }
    }

    @Test
    void aModelThatIsNotProvenLeavesNothing() throws IOException {
        Assignment model = model(60);
        Path samples = Path.of(model.samplesFile());
        Files.writeString(samples, Files.readString(samples).replace("\"data\": [3]", "\"data\": [4]"));
        Assignment wrong = assignment(Path.of(model.artifactFile()), samples, SIGNATURE);
        assertThat(wrong.samplesDigest()).isEqualTo(Digests.of(Files.readAllBytes(samples)));

        assertThat(start(wrong).state()).isEqualTo(WorkerState.FAILED);

        assertThat(cache()).isEmptyDirectory();
    }
}
