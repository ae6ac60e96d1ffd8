package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class JsonGlanceTest {
    private static final String[] NAMES = {
        "parameters", "priority", "timeout", "inputs", "x", "timeout:", "prioritys", "shape"
    };
    private static final String[] TEXTS = {
        "",
        "parameters",
        "\"timeout\":5",
        "\\\"priority\\\": 3",
        "{\"parameters\":{\"timeout\":7}}",
        "}",
        "]",
        "{",
        "\\",
        "é😀"
    };

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"parameters":{"priority":3,"timeout":1000},"inputs":[]}           | 3 | 1000
            {"inputs":[],"parameters":{"timeout":1000,"priority":3}}           | 3 | 1000
            { "parameters" : { "x" : "y" , "timeout" : 12 } }                  | 0 | 12
            {"inputs":[{"parameters":{"timeout":1}}],"parameters":{}}          | 0 | 0
            {"inputs":[{"parameters":{"timeout":1}}]}                          | 0 | 0
            {"id":"\\"parameters\\":{\\"timeout\\":1}"}                        | 0 | 0
            {"parameters":{"x":{"timeout":1},"y":["timeout"]}}                 | 0 | 0
            {"parameters":null,"other":{"timeout":1}}                          | 0 | 0
            {"parameters":"","other":{"timeout":1}}                            | 0 | 0
            {"parameters":[{"timeout":1}]}                                     | 0 | 0
            {"id":"parameters","x":{"timeout":1}}                              | 0 | 0
            {"parameters":{"timeout":1.5,"priority":"2"}}                      | 0 | 0
            {"parameters":{"timeout":1e9,"priority":3E1}}                      | 0 | 0
            {"parameters":{"timeout":-4,"priority":true}}                      | 0 | 0
            {"parameters":{"timeout":9223372036854775807}}                     | 0 | 9223372036854775807
            {"parameters":{"timeout":0}} ,{"parameters":{"timeout":2}}         | 0 | 0
            {}{"parameters":{"timeout":2}}                                     | 0 | 0
            {"parameters":{"timeout":5                                         | 0 | 5
            {"parameters":{"timeout":                                          | 0 | 0
            {"parameters":{"timeo                                              | 0 | 0
            {"parameters":                                                     | 0 | 0
            {"param\\                                                          | 0 | 0
            """)
    void itIsFoundWhereItStandsAndNowhereElse(String json, long priority, long timeout) {
        assertThat(glance(json).schedule()).isEqualTo(new Schedule(priority, timeout));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000, 6_000, 100_000})
    void itIsFoundBeforeTheInputsOrBehindThem(int size) {
        String inputs = "\"inputs\":[{\"name\":\"]}\\\\\",\"shape\":[3],\"data\":[[" + "0.25,".repeat(size) + "1]]}]";
        String id = "\"id\":\"" + "\\\"{".repeat(Math.min(size, 20_000)) + "\"";
        String outputs = "\"outputs\":[{\"name\":\"y\",\"parameters\":{\"priority\":9}}]";
        String parameters = "\"parameters\" : {\"timeout\":5,\"x\":\"}\\\"\",\"priority\":1}";
        for (String json : List.of(
                "{" + id + "," + parameters + "," + inputs + "}",
                "{" + parameters + "," + inputs + "," + id + "}",
                "{" + inputs + "," + parameters + "," + outputs + "} ",
                "{" + id + "," + inputs + "," + outputs + "," + parameters + "}")) {
            assertThat(glance(json).schedule()).as(json.substring(0, 40)).isEqualTo(new Schedule(1, 5));
        }
        assertThat(glance("{" + inputs + "," + outputs + "}").schedule()).isEqualTo(Schedule.NONE);
        assertThat(glance("{" + id + "," + inputs + "}")).isEqualTo(new Glance(Schedule.NONE, 3));
    }

    @Test
    void ofWhatIsCutTheBeginningIsLookedAt() {
        byte[] cut = "{\"parameters\":{\"priority\":1},\"inputs\":[{\"shape\":[4],\"data\":[1,".getBytes();

        assertThat(JsonGlance.of(RequestBody.of(cut), -1, true)).isEqualTo(new Glance(new Schedule(1, 0), 4));
        byte[] long1 = ("{\"inputs\":[{\"shape\":[4],\"data\":[" + "1,".repeat(9_000)
                        + "],\"x\":{\"parameters\":{\"priority\":1}}")
                .getBytes();
        assertThat(JsonGlance.of(RequestBody.of(long1), -1, true)).isEqualTo(new Glance(Schedule.NONE, 4));
    }

    @Test
    void ofAJsonWithBinaryDataBehindItTheJsonIsLookedAt() {
        String json = "{\"inputs\":[{\"shape\":[4]}],\"parameters\":{\"priority\":1}}";
        RequestBody body = RequestBody.of((json + "\0}{\"".repeat(9_000)).getBytes());
        Glance seen = new Glance(new Schedule(1, 0), 4);

        assertThat(JsonGlance.of(body, json.length(), false)).isEqualTo(seen);
        assertThat(JsonGlance.of(RequestBody.of(json.getBytes()), json.length() + 1, false))
                .as("a length that the body does not have")
                .isEqualTo(seen);
        assertThat(JsonGlance.of(body, 0, false)).as("raw").isEqualTo(Glance.NOTHING);
    }

    @Test
    void largeJsonSaysWhatJacksonsTreeSays() {
        Cases.forAll(300, random -> {
            ObjectNode tree = object(random, 3);
            tree.remove("inputs");
            String small = Json.MAPPER.writeValueAsString(tree);
            String inputs = "\"inputs\":[{\"data\":[" + "-1.5e3, ".repeat(random.nextInt(3_000)) + "0]}]";
            String body = small.equals("{}") ? "{" + inputs + "}" : "{" + inputs + "," + small.substring(1);
            JsonNode parameters = tree.path("parameters");

            assertThat(glance(body).schedule())
                    .as(small)
                    .isEqualTo(new Schedule(number(parameters.path("priority")), number(parameters.path("timeout"))));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputs":[{"name":"shape","shape":[3,4],"data":[1]}]}                      | 3
            {"id":"7","parameters":{"timeout":1},"inputs":[{"data":[1],"shape":[12]}]}  | 12
            { "inputs" : [ { "datatype" : "FP32" , "shape" : [ 5 , 1 ] } ] }            | 5
            {"inputs":[{"shape":[2]},{"shape":[9]}]}                                    | 2
            {"inputs":[{"name":"x"},{"shape":[9]}]}                                     | 0
            {"inputs":[{"parameters":{"shape":[9]},"shape":[4]}]}                       | 4
            {"inputs":[{"shape":[]}]}                                                   | 0
            {"inputs":[{"shape":3}]}                                                    | 0
            {"inputs":[{"shape":[-3]}]}                                                 | 0
            {"inputs":[{"shape":[1.5]}]}                                                | 0
            {"inputs":{"shape":[3]}}                                                    | 0
            {"outputs":[{"shape":[3]}]}                                                 | 0
            {"inputs":[                                                                 | 0
            {"inputs":[{"shape":[                                                       | 0
            """)
    void rowsAreTheFirstDimensionOfTheFirstInput(String json, long rows) {
        assertThat(glance(json).rows()).isEqualTo(rows);
    }

    @Test
    void rowsAreSeenInLargeRequestsTooWhereTheyStandNearTheStart() {
        String data = "1,".repeat(5_000) + "1";

        assertThat(glance("{\"inputs\":[{\"shape\":[73,137],\"data\":[" + data + "]}]}")
                        .rows())
                .isEqualTo(73);
        assertThat(glance("{\"inputs\":[{\"data\":[" + data + "],\"shape\":[73,137]}]}")
                        .rows())
                .isZero();
    }

    @Test
    void itSaysWhatJacksonsTreeSays() {
        Cases.forAll(20_000, random -> {
            ObjectNode tree = object(random, 3);
            String json = random.nextBoolean()
                    ? Json.MAPPER.writeValueAsString(tree)
                    : Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
            JsonNode parameters = tree.path("parameters");

            assertThat(glance(json).schedule())
                    .as(json)
                    .isEqualTo(new Schedule(number(parameters.path("priority")), number(parameters.path("timeout"))));
        });
    }

    @Test
    void bytesThatAreCutOrChangedHarmNothing() {
        Cases.forAll(20_000, random -> {
            byte[] json = Json.MAPPER.writeValueAsBytes(object(random, 3));
            byte[] cut = Arrays.copyOf(json, random.nextInt(json.length + 1));
            for (int i = random.nextInt(4); i > 0 && cut.length > 0; i--) {
                cut[random.nextInt(cut.length)] = (byte) "{}[]\":,\\9e ".charAt(random.nextInt(11));
            }

            Glance glance = JsonGlance.of(RequestBody.of(cut), -1, false);

            assertThat(glance.rows()).isNotNegative();
            assertThat(glance.schedule().priority()).isNotNegative();
            assertThat(glance.schedule().timeoutMicros()).isNotNegative();
        });
    }

    private Glance glance(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return JsonGlance.of(RequestBody.of(bytes), -1, false);
    }

    /** As it is told apart: as far as one goes, where it has more than eighteen digits. */
    private static long number(JsonNode value) {
        if (!value.isIntegralNumber() || value.bigIntegerValue().signum() < 0) {
            return 0;
        }
        String digits = value.bigIntegerValue().toString();
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private static ObjectNode object(RandomGenerator random, int depth) {
        ObjectNode object = Json.MAPPER.createObjectNode();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.set(NAMES[random.nextInt(NAMES.length)], value(random, depth));
        }
        return object;
    }

    private static JsonNode value(RandomGenerator random, int depth) {
        var nodes = Json.MAPPER.getNodeFactory();
        return switch (random.nextInt(depth == 0 ? 6 : 9)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextLong() >> random.nextInt(64));
            case 3 ->
                nodes.numberNode(new BigInteger(1 + random.nextInt(200), new java.util.Random(random.nextLong())));
            case 4 -> nodes.numberNode(random.nextDouble() * Math.pow(10, random.nextInt(40)));
            case 5 -> nodes.stringNode(TEXTS[random.nextInt(TEXTS.length)]);
            case 6 -> {
                ArrayNode array = Json.MAPPER.createArrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array;
            }
            default -> object(random, depth - 1);
        };
    }
}
