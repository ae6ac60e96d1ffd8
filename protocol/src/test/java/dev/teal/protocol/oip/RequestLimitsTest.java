package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is small in a body and large in a reader's memory has an end. */
class RequestLimitsTest {
    private static InferenceRequest read(String json) {
        return InferenceJson.readRequest(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String list(int count, IntFunction<String> element) {
        return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(","));
    }

    private static String request(int inputs, int outputs, int parameters) {
        return "{\"inputs\":["
                + list(inputs, i -> "{\"name\":\"x" + i + "\",\"datatype\":\"INT8\",\"shape\":[0]}")
                + "],\"outputs\":[" + list(outputs, i -> "{\"name\":\"y" + i + "\"}")
                + "],\"parameters\":{" + list(parameters, i -> "\"p" + i + "\":1") + "}}";
    }

    @Test
    void justTheLimitsAreTaken() {
        InferenceRequest request = read(request(1024, 1024, 1024));

        assertThat(request.inputs()).hasSize(1024);
        assertThat(request.outputs()).hasSize(1024);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            1025 | 0    | 0    | there are more than 1024 inputs
            0    | 1025 | 0    | there are more than 1024 outputs
            0    | 0    | 1025 | 'parameters' of the request has more than 1024 members
            """)
    void oneMoreIsRefused(int inputs, int outputs, int parameters, String message) {
        assertThatThrownBy(() -> read(request(inputs, outputs, parameters)))
                .isInstanceOf(InvalidInference.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"id":"%s","inputs":[]}                                        | 65536 | 'id'
            {"inputs":[{"name":"%s","datatype":"INT8","shape":[0]}]}       | 4096  | 'name'
            {"inputs":[],"outputs":[{"name":"%s"}]}                        | 4096  | 'name'
            {"inputs":[],"%s":1}                                           | 4096  | a name in the request
            {"inputs":[],"parameters":{"%s":1}}                            | 4096  | a name in 'parameters' of the request
            """)
    void namesHaveALimit(String json, int most, String what) {
        assertThat(read(json.formatted("é".repeat(most / 2))).outputs()).isNotNull();

        assertThatThrownBy(() -> read(json.formatted("x".repeat(most + 1))))
                .isInstanceOf(InvalidInference.class)
                .hasMessage(what + " has " + (most + 1) + " bytes; " + most + " is the most");
    }
}
