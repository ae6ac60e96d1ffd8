package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.PRODUCT;
import static dev.teal.worker.TestWorker.PRODUCT_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelConfig.WarmUpRequest;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import dev.teal.worker.onnx.IdentityModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProofTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({
        "fraud-detection, v1",
        "fraud-detection, v2",
        "product-categorization, v1",
        "product-categorization, v2",
        "product-categorization, v3"
    })
    void aGoodVersionBecomesReadyAndSaysWhatItTook(String family, String version) throws IOException {
        try (TestWorker worker = new TestWorker()) {
            Path folder = TestWorker.MODELS.resolve(family);

            WorkerStatus status = worker.prove(assignment(
                    folder.resolve(version + ".onnx"), folder.resolve(version + ".samples.json"), signature(family)));

            assertThat(status.failure()).isNull();
            assertThat(status.state()).isEqualTo(WorkerState.READY);
            assertThat(status.memory().beforeLoadBytes()).isPositive();
            assertThat(status.memory().afterWarmUpBytes()).isPositive();
            assertThat(status.coldStart().totalMillis()).isPositive();
            assertThat(status.environment()).isEqualTo("environment");
            assertThat(worker.infer(Files.readAllBytes(folder.resolve("request.json")))
                            .status())
                    .isEqualTo(200);
        }
    }

    private static Assignment declaring(WarmUpRequest warmUp) throws IOException {
        Assignment plain = assignment(FRAUD.resolve("v1.onnx"), FRAUD.resolve("v1.samples.json"), FRAUD_SIGNATURE);
        return TestModel.with(plain, new ModelConfig(null, null, Map.of(), List.of(warmUp)));
    }

    @Test
    void aDeclaredWarmUpIsMadeAsOftenAsDeclared() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            WarmUpRequest warmUp = new WarmUpRequest(
                    "four rows",
                    700,
                    List.of(
                            new WarmUpRequest.Input("features", Datatype.FP32, List.of(4L, 8L), true),
                            new WarmUpRequest.Input("merchant_category", Datatype.INT64, List.of(4L), true)));

            assertThat(worker.prove(declaring(warmUp)).state()).isEqualTo(WorkerState.READY);

            String metrics = UnixHttp.once(worker.control, "GET", "/metrics", TestWorker.NOTHING)
                    .text();
            assertThat(Double.parseDouble(
                            metrics.replaceAll("(?s).*worker_requests_total\\{[^}]*\"ok\"\\} (\\S+).*", "$1")))
                    .isGreaterThan(700);
        }
    }

    @Test
    void aDeclaredWarmUpThatFailsSaysWhichItIs() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            WarmUpRequest warmUp = new WarmUpRequest(
                    "too wide",
                    1,
                    List.of(
                            new WarmUpRequest.Input("features", Datatype.FP32, List.of(1L, 9L), false),
                            new WarmUpRequest.Input("merchant_category", Datatype.INT64, List.of(1L), false)));

            WorkerStatus status = worker.prove(declaring(warmUp));

            assertThat(status.failure().code()).isEqualTo(Code.WARM_UP_FAILED);
            assertThat(status.failure().message()).contains("the declared warm-up 'too wide' failed");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fraud-detection        | corrupt       | LOAD_FAILED        | the model's file is refused
            fraud-detection        | external-data | LOAD_FAILED        | the model's file is refused
            fraud-detection        | incompatible  | SIGNATURE_MISMATCH | the model has 1 inputs, 2 are registered
            fraud-detection        | drifted       | GOLDEN_MISMATCH    | golden sample 1 of 13: element 0 of 'probabilities' is
            fraud-detection        | inaccurate    | GOLDEN_MISMATCH    | golden sample
            fraud-detection        | noisy         | GOLDEN_MISMATCH    | golden sample
            fraud-detection        | nonfinite     | GOLDEN_FAILED      | is NaN, a finite number is expected
            product-categorization | corrupt       | LOAD_FAILED        | the model's file is refused
            product-categorization | external-data | LOAD_FAILED        | the model's file is refused
            product-categorization | incompatible  | SIGNATURE_MISMATCH | the model's input 1 is 'text' BYTES [-1, 1], registered is 'title' BYTES [-1]
            product-categorization | inaccurate    | GOLDEN_MISMATCH    | golden sample
            """)
    void aBadVersionFailsOnTheGoodOnesSamplesInWords(String family, String bad, Code code, String words)
            throws IOException {
        try (TestWorker worker = new TestWorker()) {
            Path folder = TestWorker.MODELS.resolve(family);

            WorkerStatus status = worker.prove(assignment(
                    folder.resolve("bad").resolve(bad + ".onnx"),
                    folder.resolve("v1.samples.json"),
                    signature(family)));

            assertThat(status.state()).isEqualTo(WorkerState.FAILED);
            assertThat(status.failure().code()).isEqualTo(code);
            assertThat(status.failure().message())
                    .contains(words)
                    .doesNotContain(".onnx")
                    .doesNotContain("onnxruntime::")
                    .doesNotContain(folder.toString());
            assertThat(worker.infer(Files.readAllBytes(folder.resolve("request.json")))
                            .header("Teal-Refused"))
                    .contains("draining");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fraud-detection, slow",
        "fraud-detection, hungry",
        "fraud-detection, faulty",
        "product-categorization, slow"
    })
    void whatOnlyShowsInTrafficPassesTheGoodOnesSamples(String family, String bad) throws IOException {
        try (TestWorker worker = new TestWorker()) {
            Path folder = TestWorker.MODELS.resolve(family);

            WorkerStatus status = worker.prove(assignment(
                    folder.resolve("bad").resolve(bad + ".onnx"),
                    folder.resolve("v1.samples.json"),
                    signature(family)));

            assertThat(status.failure()).isNull();
            assertThat(status.state()).isEqualTo(WorkerState.READY);
            if (bad.equals("hungry")) {
                assertThat(status.memory().modelBytes()).isGreaterThan(200L << 20);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fraud-detection", "product-categorization"})
    void aVersionThatFailsOnAGoldenSampleSaysWhich(String family) throws IOException {
        Path folder = TestWorker.MODELS.resolve(family);
        String poison = Files.readString(folder.resolve("request-poison.json"));
        String inputs = poison.substring(poison.indexOf("\"inputs\""), poison.lastIndexOf('}'));
        String good = Files.readString(folder.resolve("v1.samples.json"));
        String firstOutputs = good.substring(good.indexOf("\"outputs\""), good.indexOf("\"tolerance\""));
        Path samples = temporary.resolve("samples.json");
        Files.writeString(
                samples,
                good.strip().replaceFirst("]$", "") + ",{" + inputs + "," + firstOutputs + "\"tolerance\":{}}]");
        try (TestWorker worker = new TestWorker()) {
            WorkerStatus status =
                    worker.prove(assignment(folder.resolve("bad/faulty.onnx"), samples, signature(family)));

            assertThat(status.failure().code()).isEqualTo(Code.GOLDEN_FAILED);
            assertThat(status.failure().message())
                    .startsWith("golden sample 14 of 14: the model failed: ")
                    .doesNotContain("/onnxruntime");
        }
    }

    @Test
    void oneFlippedBitIsADigestMismatch() throws IOException {
        byte[] bytes = Files.readAllBytes(FRAUD.resolve("v1.onnx"));
        bytes[1000] ^= 1;
        Path artifact = Files.write(temporary.resolve("model"), bytes);
        Assignment good = assignment(FRAUD.resolve("v1.onnx"), FRAUD.resolve("v1.samples.json"), FRAUD_SIGNATURE);

        assertThat(failure(withFiles(good, artifact, FRAUD.resolve("v1.samples.json")))
                        .code())
                .isEqualTo(Code.DIGEST_MISMATCH);
        WorkerFailure samples = failure(withFiles(good, FRAUD.resolve("v1.onnx"), artifact));
        assertThat(samples.code()).isEqualTo(Code.DIGEST_MISMATCH);
        assertThat(samples.message()).contains("the golden samples' file has the digest sha256:");
    }

    @Test
    void aFileThatIsNotThereMayCome() throws IOException {
        Assignment good = assignment(FRAUD.resolve("v1.onnx"), null, FRAUD_SIGNATURE);

        WorkerFailure failure = failure(withFiles(good, temporary.resolve("nothing"), null));

        assertThat(failure.code()).isEqualTo(Code.FETCH_FAILED);
        assertThat(failure.message()).doesNotContain(temporary.toString());
    }

    @Test
    void withoutSamplesARequestIsMadeFromTheSignature() throws IOException {
        for (Path folder : new Path[] {FRAUD, PRODUCT}) {
            try (TestWorker worker = new TestWorker()) {
                ModelSignature signature = folder == FRAUD ? FRAUD_SIGNATURE : PRODUCT_SIGNATURE;

                WorkerStatus status = worker.prove(assignment(folder.resolve("v1.onnx"), null, signature));

                assertThat(status.state()).isEqualTo(WorkerState.READY);
            }
        }
    }

    @Test
    void aModelOfEveryDatatypeBecomesReady() throws IOException {
        IdentityModel model = new IdentityModel(Datatype.values());
        Path artifact = Files.write(temporary.resolve("model"), model.bytes());
        try (TestWorker worker = new TestWorker()) {
            WorkerStatus status = worker.prove(assignment(artifact, null, model.signature()));

            assertThat(status.failure()).isNull();
        }
    }

    private static WorkerFailure failure(Assignment assignment) throws IOException {
        try (TestWorker worker = new TestWorker()) {
            return worker.prove(assignment).failure();
        }
    }

    private static Assignment withFiles(Assignment good, Path artifact, Path samples) {
        return new Assignment(
                good.endpoint(),
                good.environment(),
                good.color(),
                good.model(),
                good.version(),
                good.digest(),
                artifact.toString(),
                good.samplesDigest(),
                samples == null ? null : samples.toString(),
                good.signature(),
                good.runtime());
    }

    private static ModelSignature signature(String family) {
        return family.equals("fraud-detection") ? FRAUD_SIGNATURE : PRODUCT_SIGNATURE;
    }
}
