package dev.teal.worker;

import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.teal.protocol.models.PackagedModel;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import dev.teal.worker.real.Golden;
import dev.teal.worker.real.GrpcRunner;
import dev.teal.worker.real.Reading;
import dev.teal.worker.real.Runner;
import dev.teal.worker.real.Sentences;
import dev.teal.worker.real.Speech;
import dev.teal.worker.real.Wire;
import dev.teal.worker.real.Writing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Real models answer over each wire as ONNX Runtime's own Java binding has answered before, and make sense. */
class RealModelTest {
    private static final ModelSignature EMBEDDING = new ModelSignature(
            tokens(), List.of(new TensorSpec("last_hidden_state", Datatype.FP32, List.of(-1L, -1L, 384L))), 11);
    private static final ModelSignature EMBEDDING_FP32 = new ModelSignature(
            tokens(),
            List.of(
                    new TensorSpec("output_0", Datatype.FP32, List.of(-1L, -1L, 384L)),
                    new TensorSpec("882", Datatype.FP32, List.of(-1L, 384L))),
            11);
    private static final ModelSignature SPEECH = new ModelSignature(
            List.of(
                    new TensorSpec("input", Datatype.FP32, List.of(-1L, -1L)),
                    new TensorSpec("state", Datatype.FP32, List.of(2L, -1L, 128L)),
                    new TensorSpec("sr", Datatype.INT64, List.of())),
            List.of(
                    new TensorSpec("output", Datatype.FP32, List.of(-1L, 1L)),
                    new TensorSpec("stateN", Datatype.FP32, List.of(-1L, -1L, -1L))),
            16);
    private static final ModelSignature DIRECTION =
            image(List.of(-1L, 3L, -1L, -1L), "softmax_0.tmp_0", List.of(-1L, 2L));
    private static final ModelSignature RECOGNITION =
            image(List.of(-1L, 3L, 48L, -1L), "softmax_11.tmp_0", List.of(-1L, -1L, 6625L));

    /** Of numbers up to 1; processors order sums differently. */
    private static final float CLOSE = 2e-4f;

    /** 8-bit kernels round in other places on other processors. */
    private static final float QUANTISED = 0.02f;

    enum Way {
        JSON,
        BINARY,
        GRPC
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void givenTheEmbeddingInFullPrecisionItsDirectionsAreTheGoldenOnes(Way way) throws IOException {
        try (TestWorker worker = serving(resource("all-minilm-l6-v2"), EMBEDDING_FP32)) {
            assertSentences(new Sentences(asking(worker, way), "output_0"), Golden.read("all-minilm-l6-v2"), CLOSE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void givenTheQuantisedEmbeddingItsDirectionsAreTheGoldenOnes(Way way) throws IOException {
        try (TestWorker worker = serving(resource("all-minilm-l6-v2-q"), EMBEDDING)) {
            assertSentences(
                    new Sentences(asking(worker, way), "last_hidden_state"),
                    Golden.read("all-minilm-l6-v2-q"),
                    QUANTISED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "JSON, SPEECH_V5",
        "BINARY, SPEECH_V5",
        "GRPC, SPEECH_V5",
        "JSON, SPEECH_V6",
        "BINARY, SPEECH_V6",
        "GRPC, SPEECH_V6"
    })
    void givenAStreamWhoseStateTheClientCarriesTheVoiceIsFound(Way way, PackagedModel version) throws IOException {
        try (TestWorker worker = serving(version.file(), SPEECH)) {
            float[] probabilities = new Speech(asking(worker, way)).probabilities(Speech.audio());

            assertThat(probabilities).hasSize(Speech.FRAMES);
            assertThat(probabilities)
                    .usingComparatorWithPrecision(1e-3f)
                    .containsExactly(Golden.read(version.name()).of("probabilities"));
            assertThat(probabilities[10]).isLessThan(0.1f);
            assertThat(probabilities[30]).isGreaterThan(0.9f);
            assertThat(probabilities[50]).isLessThan(0.1f);
        }
    }

    @ParameterizedTest
    @EnumSource
    void givenALineOfTextTheImageModelsTellWhichWayUpItIsAndReadIt(Way way) throws IOException {
        Writing upright = Writing.of("TEAL27", 192);
        try (TestWorker worker = serving(PackagedModel.TEXT_DIRECTION.file(), DIRECTION)) {
            Reading reading = new Reading(asking(worker, way));
            Golden golden = Golden.read(PackagedModel.TEXT_DIRECTION.name());

            assertThat(reading.direction(upright))
                    .usingComparatorWithPrecision(1e-3f)
                    .containsExactly(golden.of("upright"));
            assertThat(reading.direction(upright.upsideDown()))
                    .usingComparatorWithPrecision(1e-3f)
                    .containsExactly(golden.of("upside down"));
        }
        try (TestWorker worker = serving(PackagedModel.TEXT_RECOGNITION.file(), RECOGNITION)) {
            Tensor characters = new Reading(asking(worker, way)).characters(upright);

            assertThat(Reading.text(characters, PackagedModel.TEXT_CHARACTERS.file()))
                    .isEqualTo("TEAL27");
        }
    }

    private static void assertSentences(Sentences sentences, Golden golden, float precision) throws IOException {
        List<float[]> embeddings = new ArrayList<>();
        for (String sentence : Sentences.ALL) {
            float[] embedding = sentences.embed(sentence);
            embeddings.add(embedding);
            assertThat(embedding)
                    .as(sentence)
                    .usingComparatorWithPrecision(precision)
                    .containsExactly(golden.of(sentence));
            assertThat(Sentences.dot(embedding, golden.of(sentence))).isCloseTo(1, within(0.01));
        }
        double cats = Sentences.dot(embeddings.get(0), embeddings.get(1));
        double releases = Sentences.dot(embeddings.get(2), embeddings.get(3));
        double unrelated = Sentences.dot(embeddings.get(0), embeddings.get(2));
        assertThat(cats).isGreaterThan(unrelated + 0.4);
        assertThat(releases).isGreaterThan(unrelated + 0.3);
    }

    private Path resource(String model) throws IOException {
        Path file = directory.resolve(model + ".onnx");
        try (InputStream bytes = RealModelTest.class.getResourceAsStream("/" + model + ".onnx")) {
            Files.copy(bytes, file);
        }
        return file;
    }

    private static TestWorker serving(Path model, ModelSignature signature) throws IOException {
        TestWorker worker = new TestWorker();
        WorkerStatus status = worker.prove(assignment(model, null, signature));
        assertThat(status.state()).as(status.toString()).isEqualTo(WorkerState.READY);
        return worker;
    }

    private static Runner asking(TestWorker worker, Way way) {
        return switch (way) {
            case JSON -> inputs -> answer(worker, Wire.JSON.question(inputs));
            case BINARY -> inputs -> answer(worker, Wire.BINARY.question(inputs));
            case GRPC -> new GrpcRunner(worker.inference, "endpoint");
        };
    }

    private static Map<String, Tensor> answer(TestWorker worker, Wire.Message question) throws IOException {
        UnixHttp.Response response = question.jsonLength() < 0
                ? worker.infer(question.body())
                : worker.infer(question.body(), Wire.JSON_LENGTH + ": " + question.jsonLength());
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        int jsonLength =
                response.header(Wire.JSON_LENGTH).map(Integer::parseInt).orElse(-1);
        return Wire.answer(new Wire.Message(response.body(), jsonLength));
    }

    private static List<TensorSpec> tokens() {
        return Stream.of("input_ids", "attention_mask", "token_type_ids")
                .map(name -> new TensorSpec(name, Datatype.INT64, List.of(-1L, -1L)))
                .toList();
    }

    private static ModelSignature image(List<Long> input, String output, List<Long> shape) {
        return new ModelSignature(
                List.of(new TensorSpec("x", Datatype.FP32, input)),
                List.of(new TensorSpec(output, Datatype.FP32, shape)),
                11);
    }
}
