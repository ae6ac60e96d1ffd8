package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Datatype;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request's JSON may say, rule by rule, and the words for what it may not. The model gives {@code x0, x1} back as {@code y0, y1}. */
class RequestRulesTest {
    private static final String X0 = "{\"name\":\"x0\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[1,2]}";
    private static final String X1 = "{\"name\":\"x1\",\"datatype\":\"INT8\",\"shape\":[1],\"data\":[3]}";

    private static TestWorker worker;

    @BeforeAll
    static void start() throws IOException {
        worker = TestModel.identity(List.of(Datatype.FP32, Datatype.INT8), -1).served();
    }

    @AfterAll
    static void stop() throws IOException {
        worker.close();
    }

    private static String request(String more) {
        return "{" + more + "\"inputs\":[" + X0 + "," + X1 + "]}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [1,2]            | [[1],[2]]
            [1,2]            | [[[[1,2]]]]
            [1,2]            | [ 1 , 2.0e0 ]
            "shape":[2]      | "shape":[ 2 ]
            [1,2]            | [0.1e1,200E-2]
            "data"           | "parameters":{},"data"
            "data"           | "parameters":{"mine":"x","more":[]},"data"
            """)
    void theElementsCountAndNotHowTheyAreWritten(String plain, String other) throws IOException {
        String body = request("").replaceFirst(java.util.regex.Pattern.quote(plain), other);
        UnixHttp.Response response = worker.infer(body.getBytes());

        if (other.contains("[]")) {
            assertThat(response.status()).isEqualTo(400);
        } else {
            assertThat(Asked.floats(Asked.answer(response).outputs().getFirst()))
                    .containsExactly(1, 2);
        }
    }

    @Test
    void anEmptyTensorNeedsNoData() throws IOException {
        String body = "{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"FP32\",\"shape\":[0]},"
                + "{\"name\":\"x1\",\"datatype\":\"INT8\",\"shape\":[0],\"data\":[]}]}";

        assertThat(Asked.answer(worker.infer(body.getBytes())).outputs())
                .allMatch(output -> output.shape().length == 1 && output.shape()[0] == 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "name":"x0"        | "name":"z"                | unexpected inference input 'z' for model 'endpoint'; it has [x0, x1]
            "name":"x1"        | "name":"x0"               | input 'x0' already exists in request
            "datatype":"INT8"  | "datatype":"UINT8"        | inference input 'x1' data-type is 'UINT8', but model 'endpoint' expects 'INT8'
            "datatype":"INT8"  | "datatype":"int8"         | 'x1' has an unknown datatype; use one of [BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, BF16, FP32, FP64, BYTES]
            "datatype":"INT8", | ``                        | 'x1' needs a 'datatype', one of [BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, BF16, FP32, FP64, BYTES]
            "shape":[2],       | ``                        | 'x0' needs a 'shape', an array of dimensions
            "shape":[2]        | "shape":[1,2]             | unexpected shape for input 'x0' for model 'endpoint'. Expected [-1], got [1,2]
            "shape":[2]        | "shape":[-2]              | 'x0' must have dimensions that are whole numbers from 0 on
            "shape":[2]        | "shape":[2.5]             | 'x0' must have dimensions that are whole numbers from 0 on
            "shape":[2]        | "shape":["2"]             | 'x0' must have dimensions that are whole numbers from 0 on
            "shape":[2]        | "shape":2                 | 'shape' must be a JSON array
            "shape":[2]        | "shape":[3]               | 'x0' has a shape of 3 elements, and 2 in 'data'; make them agree
            "shape":[2]        | "shape":[1]               | 'x0' has a shape of 1 elements, and more in 'data'; make them agree
            "shape":[2]        | "shape":[4294967296,4294967296] | 'x0' has a shape of more elements than can be counted
            "shape":[2]        | "shape":[4000000000]      | 'x0' has a shape of 4000000000 elements, and fewer in 'data'
            ,"data":[3]        | ``                        | 'x1' needs 'data', an array of its elements
            "data":[3]         | "data":3                  | 'data' must be a JSON array
            "data":[3]         | "data":[128]              | element 0 of 'x1' must be a whole number from -128 to 127 for INT8
            "data":[3]         | "data":[1e2]              | element 0 of 'x1' must be a whole number from -128 to 127 for INT8
            "data":[3]         | "data":["3"]              | element 0 of 'x1' must be a whole number for INT8
            "data":[3]         | "data":[null]             | element 0 of 'x1' must be a whole number for INT8
            [1,2]              | [1,1e39]                  | element 1 of 'x0' must be a number of at most 3.4028235E38 for FP32
            [1,2]              | [1,true]                  | element 1 of 'x0' must be a number for FP32
            "data":[3]         | "data":[3],"parameters":{"binary_data_size":1} | 'x1' has both 'data' and 'binary_data_size'; give one
            "data":[3]         | "parameters":{"binary_data_size":1} | 'x1' names 'binary_data_size', but no valid Inference-Header-Content-Length in the header
            "data":[3]         | "parameters":{"shared_memory_region":"r"} | 'shared_memory_region' is not supported
            "data":[3]         | "data":[3],"data":[3]     | inputs[1] has 'data' twice; give it once
            "shape":[2]        | "shape":[0,4294967296,4294967296] | 'x0' has a shape of 0 elements, and more in 'data'; make them agree
            "shape":[2]        | "shape":[4294967296,4294967296,0] | 'x0' has a shape of 0 elements, and more in 'data'; make them agree
            {"inputs":[        | {"inputs":[{"name":"z","datatype":"INT8","shape":[0]}, | expected 2 inputs but got 3 inputs for model 'endpoint'
            {"name":"x0"       | 7,{"name":"x0"            | inputs[0] must be a JSON object
            {"inputs"          | {"input"                  | the request needs 'inputs', an array of tensors
            {"inputs"          | {"inputs":[],"inputs"     | the request has 'inputs' twice; give it once
            {"inputs"          | {"id":5,"inputs"          | 'id' must be a string
            """)
    void whatIsWrongIsSaidInTheseWords(String right, String wrong, String words) throws IOException {
        UnixHttp.Response response =
                worker.infer(request("").replace(right, wrong).getBytes());

        assertThat(response.status()).as(response.text()).isEqualTo(400);
        assertThat(Asked.error(response)).startsWith(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"priority":1,"timeout":60000000}                          | 200 | ``
            {"priority":0,"timeout":0}                                 | 200 | ``
            {"priority":18446744073709551615,"timeout":18446744073709551615} | 200 | ``
            {"sequence_id":18446744073709551615}                       | 200 | ``
            {"sequence_id":"a","sequence_start":true,"sequence_end":false} | 200 | ``
            {"sequence_id":18,"mine":1.5,"text":"x","flag":true,"n":-3} | 200 | ``
            null                                                       | 200 | ``
            {"priority":-1}        | 400 | parameter 'priority' must be a whole number from 0 to 18446744073709551615
            {"priority":"high"}    | 400 | parameter 'priority' must be a whole number from 0 to 18446744073709551615
            {"timeout":1.5}        | 400 | parameter 'timeout' must be a whole number from 0 to 18446744073709551615
            {"timeout":1e3}        | 400 | parameter 'timeout' must be a whole number from 0 to 18446744073709551615
            {"timeout":99999999999999999999} | 400 | parameter 'timeout' must be a whole number from 0 to 18446744073709551615
            {"binary_data_output":1}         | 400 | parameter 'binary_data_output' must be true or false
            {"sequence_start":"yes"}         | 400 | parameter 'sequence_start' must be true or false
            {"sequence_id":-1}               | 400 | parameter 'sequence_id' must be a whole number from 0 to 18446744073709551615
            {"triton_enable_empty_final_response":true} | 400 | parameter keys starting with 'triton_' are reserved and should not be specified
            {"mine":[1]}           | 400 | parameter 'mine' must be a string, true or false, a 64-bit whole number or a double
            {"mine":null}          | 400 | parameter 'mine' must be a string, true or false, a 64-bit whole number or a double
            {"mine":1,"mine":2}    | 400 | 'parameters' of the request has 'mine' twice; give it once
            []                     | 400 | 'parameters' of the request must be a JSON object
            """)
    void parametersHaveTheirKinds(String parameters, int status, String words) throws IOException {
        UnixHttp.Response response =
                worker.infer(request("\"parameters\":" + parameters + ",").getBytes());

        assertThat(response.status()).as(response.text()).isEqualTo(status);
        if (status != 200) {
            assertThat(Asked.error(response)).startsWith(words);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                 | 200 | ``
            [{"name":"y1"},{"name":"y0"}]      | 200 | ``
            [{"name":"y0"},{"name":"y0"}]      | 400 | output 'y0' already exists in request; name each output once
            [{"name":"other"}]                 | 400 | unexpected inference output 'other' for model 'endpoint'; it has [y0, y1]
            [{}]                               | 400 | outputs[0] needs a 'name'
            [{"name":3}]                       | 400 | 'name' must be a string
            {"name":"y0"}                      | 400 | 'outputs' must be a JSON array
            [{"name":"y0","parameters":{"binary_data":"yes"}}] | 400 | parameter 'binary_data' must be true or false
            [{"name":"y0","parameters":{"classification":0}}]  | 400 | parameter 'classification' must be a whole number from 1 to 9223372036854775807
            [{"name":"y0","parameters":{"classification":-2}}] | 400 | parameter 'classification' must be a whole number from 1 to 9223372036854775807
            [{"name":"y0","parameters":{"triton_x":1}}]        | 400 | parameter keys starting with 'triton_' are reserved
            """)
    void outputsAreNamedOnceAndMustBeTheModels(String outputs, int status, String words) throws IOException {
        UnixHttp.Response response =
                worker.infer(request("\"outputs\":" + outputs + ",").getBytes());

        assertThat(response.status()).as(response.text()).isEqualTo(status);
        if (status == 200) {
            assertThat(Asked.answer(response).outputs())
                    .as("in the model's order")
                    .extracting(output -> output.name())
                    .containsExactly("y0", "y1");
        } else {
            assertThat(Asked.error(response)).startsWith(words);
        }
    }

    @Test
    void missingInputsAreCounted() throws IOException {
        assertThat(Asked.error(worker.infer(("{\"inputs\":[" + X0 + "]}").getBytes())))
                .isEqualTo("expected 2 inputs but got 1 inputs for model 'endpoint'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "application/octet-stream", "nonsense", "*/*; q=1"})
    void anyContentTypeIsTaken(String type) throws IOException {
        assertThat(worker.infer(request("").getBytes(), "Content-Type: " + type).status())
                .isEqualTo(200);
    }

    @Test
    void nestingHasADepth() throws IOException {
        assertThat(worker.infer(nested(63).getBytes()).status()).isEqualTo(200);
        for (int depth : new int[] {64, 100_000}) {
            UnixHttp.Response refused = worker.infer(nested(depth).getBytes());
            assertThat(refused.status()).isEqualTo(400);
            assertThat(Asked.error(refused)).contains("nested to a depth of more than 64");
        }
    }

    /** In the request's own object. */
    private static String nested(int arrays) {
        return request("\"x\":" + "[".repeat(arrays) + "]".repeat(arrays) + ",");
    }

    @Test
    void aTensorHasSixteenDimensionsAtMost() throws IOException {
        String sixteen = "\"shape\":[2" + ",1".repeat(15) + "]";

        UnixHttp.Response unexpected =
                worker.infer(request("").replace("\"shape\":[2]", sixteen).getBytes());
        UnixHttp.Response refused = worker.infer(request("")
                .replace("\"shape\":[2]", sixteen.replace("]", ",1]"))
                .getBytes());

        assertThat(Asked.error(unexpected)).startsWith("unexpected shape for input 'x0'");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(Asked.error(refused)).isEqualTo("'x0' has more than 16 dimensions; send fewer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{", "nonsense", "{\"inputs\":[]", "{}{}", "\ufeff{}", "{\"inputs\":[]} x", "\"", "null"
            })
    void whatIsNotARequestIsRefused(String body) throws IOException {
        UnixHttp.Response response = worker.infer(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(response.status()).as(response.text()).isEqualTo(400);
        assertThat(Asked.error(response)).isNotEmpty();
    }
}
