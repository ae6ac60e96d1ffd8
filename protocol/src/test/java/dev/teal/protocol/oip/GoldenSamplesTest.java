package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenSamplesTest {
    private static final Path MODELS = Path.of(System.getProperty("teal.root"), "examples", "models");
    private static final ModelSignature FRAUD = new ModelSignature(
            List.of(
                    new TensorSpec("features", Datatype.FP32, List.of(-1L, 8L)),
                    new TensorSpec("merchant_category", Datatype.INT64, List.of(-1L))),
            List.of(
                    new TensorSpec("label", Datatype.INT64, List.of(-1L)),
                    new TensorSpec("probabilities", Datatype.FP32, List.of(-1L, 2L))),
            17);

    @Test
    void theSamplesOfAllExamplesAreRead() throws IOException {
        List<Path> files = files(".samples.json");

        assertThat(files).hasSizeGreaterThan(8);
        for (Path file : files) {
            assertThat(GoldenSamples.read(Files.readAllBytes(file)))
                    .as(file.toString())
                    .hasSize(13)
                    .allSatisfy(sample -> {
                        assertThat(sample.inputs()).isNotEmpty();
                        assertThat(sample.outputs()).hasSize(2);
                    });
        }
    }

    @Test
    void theRequestsOfAllExamplesAreReadAndWrittenAgain() throws IOException {
        for (String end : List.of("request.json", "request-batch.json", "request-poison.json")) {
            for (Path file : files(end)) {
                InferenceRequest request = InferenceJson.readRequest(Files.readAllBytes(file));

                assertThat(request.inputs()).isNotEmpty();
                assertThat(InferenceJson.readRequest(InferenceJson.write(request)))
                        .isEqualTo(request);
            }
        }
    }

    @Test
    void aGoodVersionsSamplesFitItsSignatureAndAnIncompatibleOnesDoNot() throws IOException {
        Path family = MODELS.resolve("fraud-detection");

        GoldenSamples.requireFit(GoldenSamples.read(Files.readAllBytes(family.resolve("v1.samples.json"))), FRAUD);

        List<GoldenSample> others =
                GoldenSamples.read(Files.readAllBytes(family.resolve("bad").resolve("incompatible.samples.json")));
        assertThatThrownBy(() -> GoldenSamples.requireFit(others, FRAUD))
                .isInstanceOf(InvalidInference.class)
                .hasMessageStartingWith("sample 1: input 'transaction' is not of this model");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            features:FP32:[0,8]                                | label:INT64:[0]    | sample 1: input 'merchant_category' is missing
            features:FP64:[0,8],merchant_category:INT64:[0]    | label:INT64:[0]    | sample 1: input 'features' has datatype FP64, but the model expects FP32
            features:FP32:[0,9],merchant_category:INT64:[0]    | label:INT64:[0]    | sample 1: input 'features' has shape [0, 9], but the model expects [-1, 8]
            features:FP32:[0],merchant_category:INT64:[0]      | label:INT64:[0]    | sample 1: input 'features' has shape [0], but the model expects [-1, 8]
            features:FP32:[0,8],merchant_category:INT64:[0]    | score:INT64:[0]    | sample 1: output 'score' is not of this model; it has
            features:FP32:[0,8],merchant_category:INT64:[0]    | label:INT64:[0,1]  | sample 1: output 'label' has shape [0, 1], but the model expects [-1]
            """)
    void whatDoesNotFitIsNamed(String inputs, String outputs, String message) {
        List<GoldenSample> samples =
                read("[{\"inputs\":" + tensors(inputs) + ",\"outputs\":" + tensors(outputs) + "}]");

        assertThatThrownBy(() -> GoldenSamples.requireFit(samples, FRAUD))
                .isInstanceOf(InvalidInference.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aSampleWithoutToleranceGetsTheDefault() {
        String tensors = tensors("x:FP32:[0]");
        List<GoldenSample> samples =
                read("[{\"inputs\":%s,\"outputs\":%s},{\"inputs\":%s,\"outputs\":%s,\"tolerance\":{\"rtol\":0.5}}]"
                        .formatted(tensors, tensors, tensors, tensors));

        assertThat(samples.get(0).tolerance()).isEqualTo(new Tolerance(1e-4, 1e-5));
        assertThat(samples.get(1).tolerance()).isEqualTo(new Tolerance(0.5, 1e-5));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {}                                                      | must be a JSON array
            [1]                                                     | sample 1: a golden sample must be a JSON object
            [{"inputs":[]}]                                         | sample 1: a golden sample needs 'inputs' and 'outputs'
            [{"inputs":[],"outputs":[]}]                            | at least one output
            [{"inputs":[],"outputs":[],"tolerance":{"rtol":-1}}]    | 'rtol' of a tolerance must be a number from 0 on
            [{"inputs":[],"outputs":[],"tolerance":{"atol":NaN}}]   | 'atol' of a tolerance must be a number from 0 on
            [{"inputs":[],"outputs":[],"tolerance":{"atol":"1"}}]   | 'atol' of a tolerance must be a number from 0 on
            """)
    void wrongSamplesAreRefusedInWords(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining(message);
    }

    private static List<GoldenSample> read(String json) {
        return GoldenSamples.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String tensors(String described) {
        StringBuilder json = new StringBuilder();
        for (String tensor : described.split(",(?=[a-z])")) {
            String[] parts = tensor.split(":");
            json.append(json.isEmpty() ? "" : ",")
                    .append("{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"data\":[]}"
                            .formatted((Object[]) parts));
        }
        return "[" + json + "]";
    }

    private static List<Path> files(String end) throws IOException {
        try (var files = Files.walk(MODELS)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }
}
