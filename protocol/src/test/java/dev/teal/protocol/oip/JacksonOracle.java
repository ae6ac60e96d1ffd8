package dev.teal.protocol.oip;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Reads requests in JSON another way: first a tree by Jackson, then the rules on it. Slow, plain, and nothing shared with the reader. */
final class JacksonOracle {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final Set<String> WORDS = Set.of("NaN", "Infinity", "-Infinity");

    private JacksonOracle() {}

    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    private record Number(String text, boolean whole) {
        BigInteger value() {
            require(whole, "whole");
            return new BigInteger(text);
        }
    }

    private record Members(Map<String, Object> values, boolean twice) {}

    private static final Object NULL = new Object();

    static InferenceRequest read(byte[] body) {
        return request(tree(body));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new Refused(what);
        }
    }

    private static Object tree(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException e) {
            throw new Refused("UTF-8");
        }
        require(body.length == 0 || body[0] != (byte) 0xef, "byte order mark");
        for (int i = 0; i < Math.min(4, body.length); i++) {
            require(body[i] != 0, "UTF-16");
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            parser.nextToken();
            Object value = value(parser);
            require(parser.nextToken() == null, "one value");
            return value;
        } catch (JacksonException e) {
            throw new Refused(e.getMessage());
        }
    }

    private static Object value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        require(token != null, "a value");
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> text(parser.getString());
            case VALUE_NUMBER_INT -> new Number(parser.getString(), true);
            case VALUE_NUMBER_FLOAT -> {
                String text = parser.getString();
                require(
                        Character.isDigit(text.charAt(text.length() - 1)) || WORDS.contains(text),
                        "a word for a number");
                yield new Number(text, false);
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NULL;
            default -> throw new Refused("a value");
        };
    }

    private static Members members(JsonParser parser) {
        Map<String, Object> values = new HashMap<>();
        boolean twice = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            twice |= values.put(text(name), value(parser)) != null;
        }
        return new Members(values, twice);
    }

    private static String text(String text) {
        require(StandardCharsets.UTF_8.newEncoder().canEncode(text), "surrogates");
        return text;
    }

    private static Map<String, Object> members(Object value, String... known) {
        require(value instanceof Members members && !members.twice(), "an object without doubles");
        Map<String, Object> values = ((Members) value).values();
        List<String> others = values.keySet().stream()
                .filter(name -> !List.of(known).contains(name))
                .toList();
        require(others.size() <= 1024, "so many members");
        others.forEach(name -> requireBytes(name, 4096));
        return values;
    }

    private static void requireBytes(String text, int most) {
        require(text.getBytes(StandardCharsets.UTF_8).length <= most, "a text as short");
    }

    private static List<?> list(Object value) {
        require(value instanceof List<?>, "an array");
        return (List<?>) value;
    }

    private static List<?> tensors(Object value) {
        require(list(value).size() <= 1024, "so many");
        return list(value);
    }

    private static String string(Object value, int mostBytes) {
        if (value == null || value == NULL) {
            return null;
        }
        require(value instanceof String, "a string");
        requireBytes((String) value, mostBytes);
        return (String) value;
    }

    private static InferenceRequest request(Object tree) {
        Map<String, Object> request = members(tree, "id", "inputs", "outputs", "parameters");
        List<Tensor> inputs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Object input : tensors(request.get("inputs"))) {
            inputs.add(tensor(members(input, "name", "datatype", "shape", "parameters", "data")));
            require(names.add(inputs.getLast().name()), "different names");
        }
        Map<String, Object> parameters = parameters(
                request.get("parameters"),
                "priority",
                "timeout",
                "binary_data_output",
                "sequence_id",
                "sequence_start",
                "sequence_end");
        long priority = unsigned64(parameters.remove("priority"));
        long timeout = unsigned64(parameters.remove("timeout"));
        boolean binary = flag(parameters.remove("binary_data_output"), false);
        flag(parameters.remove("sequence_start"), false);
        flag(parameters.remove("sequence_end"), false);
        Object sequence = parameters.remove("sequence_id");
        if (!(sequence instanceof String)) {
            unsigned64(sequence);
        }
        custom(parameters);
        List<RequestedOutput> outputs = new ArrayList<>();
        names.clear();
        if (request.containsKey("outputs")) {
            for (Object output : tensors(request.get("outputs"))) {
                outputs.add(output(members(output, "name", "parameters"), binary));
                require(names.add(outputs.getLast().name()), "different names");
            }
        }
        return new InferenceRequest(
                string(request.get("id"), 1 << 16), new Schedule(priority, timeout), inputs, outputs, binary);
    }

    private static Map<String, Object> parameters(Object value, String... known) {
        return value == null || value == NULL ? new HashMap<>() : new HashMap<>(members(value, known));
    }

    private static long unsigned(Object value, long none) {
        if (value == null) {
            return none;
        }
        require(value instanceof Number, "a number");
        BigInteger number = ((Number) value).value();
        require(number.signum() >= 0 && number.bitLength() < 64, "in range");
        return number.longValue();
    }

    private static long unsigned64(Object value) {
        if (value == null) {
            return 0;
        }
        require(value instanceof Number, "a number");
        BigInteger number = ((Number) value).value();
        require(number.signum() >= 0 && number.bitLength() <= 64, "in range");
        return number.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    }

    private static boolean flag(Object value, boolean none) {
        require(value == null || value instanceof Boolean, "true or false");
        return value == null ? none : (Boolean) value;
    }

    private static void custom(Map<String, Object> parameters) {
        parameters.forEach((name, value) -> {
            require(!name.startsWith("triton_") && !name.startsWith("shared_memory_"), "no such name");
            require(value instanceof String || value instanceof Boolean || value instanceof Number, "a plain value");
            if (value instanceof Number number) {
                require(
                        number.whole()
                                ? number.value().bitLength() < 64
                                : WORDS.contains(number.text()) || Double.isFinite(Double.parseDouble(number.text())),
                        "in range");
            }
        });
    }

    private static RequestedOutput output(Map<String, Object> output, boolean binaryOutputs) {
        String name = string(output.get("name"), 4096);
        require(name != null, "a name");
        Map<String, Object> parameters = parameters(output.get("parameters"), "binary_data", "classification");
        boolean binary = flag(parameters.remove("binary_data"), binaryOutputs);
        long classification = 0;
        if (parameters.containsKey("classification")) {
            classification = unsigned(parameters.remove("classification"), 0);
            require(classification > 0, "a class");
        }
        custom(parameters);
        return new RequestedOutput(name, binary, (int) Math.min(1_000_000, classification));
    }

    private static Tensor tensor(Map<String, Object> tensor) {
        String name = string(tensor.get("name"), 4096);
        require(name != null && !name.isEmpty(), "a name");
        String type = string(tensor.get("datatype"), 4096);
        require(type != null, "a datatype");
        Datatype datatype;
        try {
            datatype = Datatype.valueOf(type);
        } catch (IllegalArgumentException e) {
            throw new Refused("a known datatype");
        }
        Map<String, Object> parameters = parameters(tensor.get("parameters"), "binary_data_size");
        custom(parameters);
        require(!parameters.containsKey("binary_data_size"), "no binary data");
        long[] shape = list(tensor.get("shape")).stream()
                .mapToLong(dimension -> {
                    require(dimension instanceof Number, "a number");
                    return unsigned(dimension, 0);
                })
                .toArray();
        require(shape.length <= 16, "few dimensions");
        long count;
        try {
            count = Tensor.elements(shape);
        } catch (ArithmeticException e) {
            throw new Refused("a count");
        }
        List<Object> elements = new ArrayList<>();
        if (tensor.containsKey("data")) {
            require(datatype != Datatype.FP16 && datatype != Datatype.BF16, "not by JSON");
            flatten(list(tensor.get("data")), elements);
        }
        require(elements.size() == count, "as many elements");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        elements.forEach(element -> bytes.writeBytes(element(datatype, element)));
        return new Tensor(
                name, datatype, shape, ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static void flatten(List<?> list, List<Object> elements) {
        for (Object value : list) {
            if (value instanceof List<?> inner) {
                flatten(inner, elements);
            } else {
                elements.add(value);
            }
        }
    }

    private static byte[] element(Datatype datatype, Object value) {
        if (datatype == Datatype.BYTES) {
            require(value instanceof String, "a string");
            byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
            return little(4 + text.length).putInt(text.length).put(text).array();
        }
        if (datatype == Datatype.BOOL) {
            require(value instanceof Boolean, "true or false");
            return new byte[] {(byte) ((Boolean) value ? 1 : 0)};
        }
        require(value instanceof Number, "a number");
        Number number = (Number) value;
        boolean word = WORDS.contains(number.text());
        if (datatype == Datatype.FP32) {
            float single = Float.parseFloat(number.text());
            require(word || Float.isFinite(single), "in range");
            return little(4).putFloat(single).array();
        }
        if (datatype == Datatype.FP64) {
            double real = Double.parseDouble(number.text());
            require(word || Double.isFinite(real), "in range");
            return little(8).putDouble(real).array();
        }
        BigInteger whole = number.value();
        int bits = datatype.elementBytes() * 8;
        boolean unsigned = datatype.name().startsWith("U");
        require(unsigned ? whole.signum() >= 0 && whole.bitLength() <= bits : whole.bitLength() < bits, "in range");
        byte[] all = little(8).putLong(whole.longValue()).array();
        return java.util.Arrays.copyOf(all, datatype.elementBytes());
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
