package dev.teal.platform.registry.triton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.platform.problem.domain.Refused;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelConfig.WarmUpRequest;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TritonConfigTest {
    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(
                    new TensorSpec("x", Datatype.FP32, List.of(-1L, 3L)),
                    new TensorSpec("t", Datatype.BYTES, List.of(-1L, 1L))),
            List.of(
                    new TensorSpec("y", Datatype.FP32, List.of(-1L, 2L)),
                    new TensorSpec("z", Datatype.INT64, List.of(-1L))),
            17);

    private static ImportedConfig read(String text, Map<String, byte[]> labels) {
        return TritonConfig.read(text.getBytes(StandardCharsets.UTF_8), labels, "m", SIGNATURE);
    }

    private static ImportedConfig read(String text) {
        return read(text, Map.of());
    }

    @Test
    void givenWhatAppliesItIsUnderstood() {
        ImportedConfig read = read("""
                # as exported
                name: "m"
                platform: 'onnxruntime_onnx'
                max_batch_size: 0x10
                input [
                  { name: "x" data_type: TYPE_FP32 dims: [ 3 ] },
                  { name: "t", data_type: TYPE_STRING, dims: 1 }
                ]
                output: [ { name: "y" data_type: TYPE_FP32 dims: [ -1 ] label_filename: "classes.txt" } ]
                dynamic_batching { max_queue_delay_microseconds: 250 }
                model_warmup [ {
                  name: "first" batch_size: 2 count: 3
                  inputs { key: "x" value: { data_type: TYPE_FP32 dims: 3 random_data: true } }
                  inputs { key: "t" value { data_type: TYPE_STRING dims: [ 1 ] zero_data: true } }
                } ]
                """, Map.of("classes.txt", "cat\r\ndog\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(read.config())
                .isEqualTo(new ModelConfig(
                        16,
                        new Batching(16, 250),
                        Map.of("y", List.of("cat", "dog")),
                        List.of(new WarmUpRequest(
                                "first",
                                3,
                                List.of(
                                        new WarmUpRequest.Input("t", Datatype.BYTES, List.of(2L, 1L), false),
                                        new WarmUpRequest.Input("x", Datatype.FP32, List.of(2L, 3L), true)))),
                        Map.of("y", "classes.txt"),
                        List.of()));
        assertThat(read.signature()).isEqualTo(SIGNATURE);
        assertThat(read.notes()).isEmpty();
    }

    @Test
    void givenNothingItSaysNothing() {
        assertThat(read("").config()).isEqualTo(ModelConfig.NONE);
        assertThat(read("").notes()).isEmpty();
    }

    @Test
    void givenNoBatchDimensionEachRequestRunsByItself() {
        ImportedConfig read =
                read("max_batch_size: 0 dynamic_batching { } input { name: \"x\" data_type: TYPE_FP32 dims: [-1, 3] } "
                        + "input { name: \"t\" data_type: TYPE_STRING dims: [ 7, 1 ] }");

        assertThat(read.config().maxBatchSize()).isZero();
        assertThat(read.config().batching()).isEqualTo(new Batching(1, 0));
        assertThat(read.signature().inputs().getLast().shape())
                .as("what the file leaves open")
                .containsExactly(7L, 1L);
        assertThat(read.notes()).singleElement().asString().contains("max_batch_size is 0");
    }

    @Test
    void givenNarrowerDimensionsTheyAreTheModels() {
        ModelSignature open = new ModelSignature(
                List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, -1L))),
                List.of(
                        new TensorSpec("y", Datatype.FP32, List.of(-1L, -1L)),
                        new TensorSpec("z", Datatype.INT64, List.of(-1L))),
                17);
        String text = "max_batch_size: 8 input { name: \"x\" data_type: TYPE_FP32 dims: 4 } "
                + "output { name: \"y\" data_type: TYPE_FP32 dims: 2 } "
                + "dynamic_batching { preferred_batch_size: [ 4, 8 ] }";

        ImportedConfig read = TritonConfig.read(text.getBytes(StandardCharsets.UTF_8), Map.of(), "m", open);

        assertThat(read.signature().inputs()).containsExactly(new TensorSpec("x", Datatype.FP32, List.of(-1L, 4L)));
        assertThat(read.signature().outputs().getFirst().shape()).containsExactly(-1L, 2L);
        assertThat(read.signature().outputs().getLast())
                .isEqualTo(open.outputs().getLast());
        assertThat(read.config().preferredRows()).containsExactly(4, 8);
    }

    @Test
    void aWarmUpMustBeOfTheNarrowerDimensions() {
        ModelSignature open =
                new ModelSignature(List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, -1L))), List.of(), 17);
        String text = "max_batch_size: 8 input { name: \"x\" data_type: TYPE_FP32 dims: 4 } "
                + "model_warmup { inputs { key: \"x\" value { data_type: TYPE_FP32 dims: 5 zero_data: true } } }";

        assertThatThrownBy(() -> TritonConfig.read(text.getBytes(StandardCharsets.UTF_8), Map.of(), "m", open))
                .hasMessageContaining("has shape [1, 5]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name: "other"                                              | name is not used: the model is 'm' here
            version_policy: { latest { num_versions: 2 } }             | an endpoint names its version
            optimization { graph { level: 1 } }                        | optimization is not used
            instance_group [ { count: 2 kind: KIND_GPU gpus: [0] } ]   | instance_group (count 2)
            instance_group { kind: KIND_GPU }                          | they run on the CPU
            default_model_filename: "m.onnx"                           | the file is the upload
            parameters { key: "intra_op_thread_count" value { string_value: "2" } } | parameters are not used: intra_op_thread_count
            response_cache { enable: true }                            | set responseCache of the endpoint
            max_batch_size: 8 dynamic_batching { preferred_batch_size: [4, 8] } | preferred_batch_size is not used
            max_batch_size: 8 dynamic_batching { preserve_ordering: true } | each answer belongs to its request
            max_batch_size: 8 dynamic_batching { priority_levels: 2 }  | own priority parameter counts
            max_batch_size: 8 dynamic_batching { default_queue_policy { max_queue_size: 9 } } | set requestDeadline
            dynamic_batching { }                                       | set maxBatchRows of the endpoint
            """)
    void givenWhatDoesNotApplyItIsTakenAndNoted(String text, String note) {
        assertThat(read(text).notes()).anySatisfy(given -> assertThat(given).contains(note));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            platform: "tensorflow_savedmodel"                 | UNSUPPORTED_CONFIG | platform 'tensorflow_savedmodel'; ONNX models run
            backend: "python"                                 | UNSUPPORTED_CONFIG | backend 'python'
            sequence_batching { }                             | UNSUPPORTED_CONFIG | sequence_batching; state between requests
            ensemble_scheduling { }                           | UNSUPPORTED_CONFIG | ensemble_scheduling; a version is one model
            model_transaction_policy { decoupled: True }      | UNSUPPORTED_CONFIG | decoupled answers
            batch_input [ { kind: BATCH_ELEMENT_COUNT } ]     | UNSUPPORTED_CONFIG | batch_input
            model_operations { op_library_filename: "x.so" }  | UNSUPPORTED_CONFIG | custom operators are never loaded
            model_repository_agents { }                       | UNSUPPORTED_CONFIG | as it was uploaded
            input { name: "x" data_type: TYPE_FP32 dims: 3 reshape { shape: [] } } | UNSUPPORTED_CONFIG | reshape of 'x'
            input { name: "x" data_type: TYPE_FP32 dims: 3 allow_ragged_batch: true } | UNSUPPORTED_CONFIG | allow_ragged_batch of 'x'
            input { name: "x" data_type: TYPE_FP32 dims: 3 optional: true } | UNSUPPORTED_CONFIG | optional of 'x'
            model_warmup { inputs { key: "x" value { data_type: TYPE_FP32 dims: 3 input_data_file: "f" } } } | UNSUPPORTED_CONFIG | input_data_file of input 'x'
            max_batch_size: -1                                | INVALID_CONFIG | line 1, column 17: 'max_batch_size' must be 0 to 65536, got -1
            max_batch_size: "8"                               | INVALID_CONFIG | expected a whole number, got a text
            max_batch_size: 8.5                               | INVALID_CONFIG | expected a whole number, got 8.5
            max_batch_size: 8 max_batch_size: 9               | INVALID_CONFIG | 'max_batch_size' stands there twice
            max_batch_sise: 8                                 | INVALID_CONFIG | line 1, column 1: a model's configuration has no field 'max_batch_sise'
            input { nam: "x" }                                | INVALID_CONFIG | 'input' has no field 'nam'
            input { name: "x" dims: 3 }                       | INVALID_CONFIG | data_type is missing
            input { name: "x" data_type: TYPE_FP33 }          | INVALID_CONFIG | there is no data_type TYPE_FP33
            input { name: "x" data_type: "TYPE_FP32" }        | INVALID_CONFIG | expected a name without quotes, got a text
            input { data_type: TYPE_FP32 }                    | INVALID_CONFIG | needs a name
            input: 7                                          | INVALID_CONFIG | expected a message in { }, got 7
            response_cache { enable: maybe }                  | INVALID_CONFIG | expected true or false, got 'maybe'
            input [                                           | INVALID_CONFIG | got the end
            model_warmup { inputs { key: "x" value { data_type: TYPE_FP32 dims: 3 } } } | INVALID_CONFIG | needs zero_data or random_data
            model_warmup { inputs { key: "x" value { data_type: TYPE_FP32 dims: [65536, 65536] zero_data: true } } } | INVALID_CONFIG | takes more than 33554432 bytes
            model_warmup { inputs { key: "x" value { data_type: TYPE_FP64 dims: [2048, 2049] zero_data: true } } } | INVALID_CONFIG | takes more than 33554432 bytes
            model_warmup { inputs { value { data_type: TYPE_FP32 } } } | INVALID_CONFIG | needs a key and a value
            input { name: "w" data_type: TYPE_FP32 dims: 3 }  | CONFIG_MISMATCH | input 'w' is not in the file, which has [x, t]
            input { name: "x" data_type: TYPE_FP32 dims: [-1, 3] } | CONFIG_MISMATCH | input 't' of the file is not declared
            output { name: "y" data_type: TYPE_FP16 dims: [-1, 2] } | CONFIG_MISMATCH | 'y' has datatype FP16, in the file FP32
            output { name: "y" data_type: TYPE_FP32 dims: [-1, 3] } | CONFIG_MISMATCH | 'y' has shape [-1, 3], in the file [-1, 2]
            output { name: "y" data_type: TYPE_FP32 dims: [2] } | CONFIG_MISMATCH | 'y' has shape [2], in the file [-1, 2]
            output { name: "y" data_type: TYPE_FP32 dims: [-1, 2] label_filename: "l.txt" } | CONFIG_MISMATCH | are in 'l.txt', which is no part of the upload
            model_warmup { name: "w" inputs { key: "x" value { data_type: TYPE_FP32 dims: [1, 4] zero_data: true } } } | CONFIG_MISMATCH | 'x' has shape [1, 4], in the file [-1, 3]
            max_batch_size: 4 model_warmup { name: "w" batch_size: 9 inputs { key: "x" value { data_type: TYPE_FP32 dims: 3 zero_data: true } } } | CONFIG_MISMATCH | warm-up 'w' has a batch_size of 9, above max_batch_size
            """)
    void givenWhatCanNotBeTheRefusalSaysWhy(String text, String code, String words) {
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.detail()).contains(words);
        });
    }

    @Test
    void givenAFileWithoutOpenBatchABatchSizeDoesNotFit() {
        ModelSignature fixed = new ModelSignature(
                List.of(new TensorSpec("x", Datatype.FP32, List.of(1L, 3L))),
                List.of(new TensorSpec("y", Datatype.FP32, List.of())),
                17);

        assertThatThrownBy(() ->
                        TritonConfig.read("max_batch_size: 8".getBytes(StandardCharsets.UTF_8), Map.of(), "m", fixed))
                .hasMessageContaining("input 'x' has no open dimension in front")
                .hasMessageContaining("output 'y' has no open dimension in front");
    }

    @Test
    void givenLabelsThatAreNotTextOrNotNamedTheyAreRefused() {
        String labelled = "output { name: \"y\" data_type: TYPE_FP32 dims: [-1, 2] label_filename: \"l\" }";

        assertThatThrownBy(() -> read(labelled, Map.of("l", new byte[] {(byte) 0xff})))
                .hasMessageContaining("labels must be UTF-8");
        assertThatThrownBy(() -> read(labelled, Map.of("l", new byte[] {0}))).hasMessageContaining("NUL");
        assertThatThrownBy(() -> read(labelled, Map.of("l", new byte[0], "other", new byte[0])))
                .hasMessageContaining("no output has the label_filename 'other'");
    }
}
