package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParametersTest {
    @Test
    void theScheduleIsRead() {
        assertThat(read("{\"timeout\":2500,\"priority\":1}", "[]").schedule()).isEqualTo(new Schedule(1, 2500));
        assertThat(read("{\"priority\":0}", "[]").schedule()).isSameAs(Schedule.NONE);
        assertThat(read("null", "[]").schedule()).isSameAs(Schedule.NONE);
    }

    @Test
    void numbersBeyondALongAreAsFarAsOneGoes() {
        assertThat(read(
                                "{\"priority\":18446744073709551615,\"timeout\":9223372036854775808,\"sequence_id\":18446744073709551615}",
                                "[]")
                        .schedule())
                .isEqualTo(new Schedule(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sequence_id\":7,\"sequence_start\":true,\"sequence_end\":false}",
                "{\"sequence_id\":\"seven\"}",
                "{\"mine\":\"x\",\"yours\":true,\"ours\":-9223372036854775808,\"theirs\":1.5e-3,\"headers\":\"h\"}",
                "{}"
            })
    void whatMeansNothingHereIsAccepted(String parameters) {
        assertThat(read(parameters, "[]").inputs()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"priority":-1}             | parameter 'priority' must be a whole number from 0
            {"priority":"1"}            | parameter 'priority' must be a whole number from 0
            {"priority":1.0}            | parameter 'priority' must be a whole number from 0
            {"priority":18446744073709551616} | parameter 'priority' must be a whole number from 0
            {"timeout":true}            | parameter 'timeout' must be a whole number from 0
            {"timeout":null}            | parameter 'timeout' must be a whole number from 0
            {"timeout":NaN}             | parameter 'timeout' must be a whole number from 0
            {"timeout":1,"timeout":1}   | 'parameters' of the request has 'timeout' twice
            {"binary_data_output":1}    | parameter 'binary_data_output' must be true or false
            {"sequence_id":-1}          | parameter 'sequence_id' must be a whole number from 0
            {"sequence_id":true}        | parameter 'sequence_id' must be a whole number from 0
            {"sequence_start":1}        | parameter 'sequence_start' must be true or false
            {"sequence_end":"true"}     | parameter 'sequence_end' must be true or false
            {"triton_x":1}              | parameter keys starting with 'triton_' are reserved
            {"mine":null}               | parameter 'mine' must be a string, true or false, a 64-bit whole number or a double
            {"mine":[1]}                | parameter 'mine' must be a string
            {"mine":{}}                 | parameter 'mine' must be a string
            {"mine":9223372036854775808} | parameter 'mine' must be a string
            {"mine":1e999}              | parameter 'mine' must be a string
            []                          | 'parameters' of the request must be a JSON object
            """)
    void othersAreRefusedInWords(String parameters, String message) {
        assertThatThrownBy(() -> read(parameters, "[]"))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            # request's | output's                                  | binary | classes
            {}                           | {}                       | false  | 0
            {"binary_data_output":true}  | {}                       | true   | 0
            {"binary_data_output":true}  | null                     | true   | 0
            {"binary_data_output":true}  | {"binary_data":false}    | false  | 0
            {"binary_data_output":false} | {"binary_data":true}     | true   | 0
            {}                           | {"classification":3}     | false  | 3
            {}                           | {"binary_data":true,"classification":9223372036854775807} | true | 1000000
            """)
    void anOutputsOwnWordGoesFirst(String parameters, String own, boolean binary, int classes) {
        InferenceRequest request = read(parameters, "[{\"name\":\"y\",\"parameters\":" + own + "}]");

        assertThat(request.outputs()).containsExactly(new RequestedOutput("y", binary, classes));
        assertThat(request.binaryOutputs()).isEqualTo(parameters.contains("true"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"classification":0}                | parameter 'classification' must be a whole number from 1
            {"classification":-1}               | parameter 'classification' must be a whole number from 1
            {"classification":"1"}              | parameter 'classification' must be a whole number from 1
            {"classification":1.5}              | parameter 'classification' must be a whole number from 1
            {"binary_data":"true"}              | parameter 'binary_data' must be true or false
            {"shared_memory_region":"r"}        | 'shared_memory_region' is not supported
            {"shared_memory_byte_size":8}       | 'shared_memory_byte_size' is not supported
            {"mine":[]}                         | parameter 'mine' must be a string
            """)
    void outputParametersAreCheckedToo(String own, String message) {
        assertThatThrownBy(() -> read("{}", "[{\"name\":\"y\",\"parameters\":" + own + "}]"))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining(message);
    }

    @Test
    void withNoOutputsNamedTheRequestsWordHolds() {
        assertThat(read("{\"binary_data_output\":true}", "[]")).satisfies(request -> {
            assertThat(request.outputs()).isEmpty();
            assertThat(request.binaryOutputs()).isTrue();
        });
    }

    @Test
    void namesMayBeEscaped() {
        InferenceRequest request = InferenceJson.readRequest(
                "{\"\\u0069nputs\":[],\"p\\u0061rameters\":{\"\\u0070riority\":2}}".getBytes(StandardCharsets.UTF_8));

        assertThat(request.schedule().priority()).isEqualTo(2);
        assertThat(request.inputs()).isEqualTo(List.of());
    }

    /** The parameters come last: what they say holds for what came before. */
    private static InferenceRequest read(String parameters, String outputs) {
        return InferenceJson.readRequest(
                ("{\"inputs\":[],\"outputs\":" + outputs + ",\"parameters\":" + parameters + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
