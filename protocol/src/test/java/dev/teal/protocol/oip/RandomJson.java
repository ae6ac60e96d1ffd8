package dev.teal.protocol.oip;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Requests in JSON as clients may write them: fields in any order, data in any nesting, white space and escapes anywhere. */
final class RandomJson {
    private static final String[] SPACES = {"", "", "", " ", "\n", "\t \r\n"};
    private static final Datatype[] DATATYPES = Datatype.values();

    private final RandomGenerator random;

    RandomJson(RandomGenerator random) {
        this.random = random;
    }

    /** Most are valid; now and then a number is out of range or a shape does not fit. */
    String request() {
        List<String> inputs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            inputs.add(tensor("input" + (random.nextInt(30) == 0 ? "" : i)));
        }
        List<String> members = new ArrayList<>();
        members.add(member("inputs", array(inputs)));
        maybe(members, "id", string("id é"));
        maybe(members, "outputs", array(List.of(output("a"), output("b"))));
        maybe(members, "parameters", parameters());
        maybe(members, "unknown", "[1,{\"x\":null,\"y\":[[]]},\"\\u0041\"]");
        return space() + object(members) + space();
    }

    private void maybe(List<String> members, String name, String value) {
        if (random.nextInt(3) == 0) {
            members.add(member(name, value));
        }
    }

    private String parameters() {
        List<String> members = new ArrayList<>();
        maybe(members, "priority", Integer.toString(random.nextInt(5)));
        maybe(members, "timeout", Long.toString(random.nextLong() >>> 2));
        maybe(members, "binary_data_output", Boolean.toString(random.nextBoolean()));
        maybe(members, "sequence_id", random.nextBoolean() ? "\"s\"" : "7");
        maybe(members, "sequence_end", "true");
        maybe(
                members,
                "mine",
                List.of("1.5", "true", "\"x\"", "-9223372036854775808").get(random.nextInt(4)));
        return object(members);
    }

    private String output(String name) {
        List<String> members = new ArrayList<>(List.of(member("name", string(name))));
        List<String> parameters = new ArrayList<>();
        maybe(parameters, "binary_data", Boolean.toString(random.nextBoolean()));
        maybe(parameters, "classification", Integer.toString(random.nextInt(20)));
        maybe(members, "parameters", object(parameters));
        return object(members);
    }

    private String tensor(String name) {
        Datatype datatype = DATATYPES[random.nextInt(DATATYPES.length)];
        List<String> dimensions = new ArrayList<>();
        long count = 1;
        for (int i = random.nextInt(4); i > 0; i--) {
            int dimension = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(4);
            dimensions.add(Integer.toString(dimension));
            count *= dimension;
        }
        List<String> elements = new ArrayList<>();
        for (long i = count + (random.nextInt(40) == 0 ? 1 : 0); i > 0; i--) {
            elements.add(element(datatype));
        }
        List<String> members = new ArrayList<>();
        members.add(member("name", string(name)));
        members.add(member("datatype", string(datatype.name())));
        members.add(member("shape", array(dimensions)));
        if (!elements.isEmpty() || random.nextBoolean()) {
            members.add(member("data", nested(elements)));
        }
        maybe(members, "parameters", "{\"mine\":1}");
        return object(members);
    }

    private String nested(List<String> elements) {
        List<String> items = new ArrayList<>();
        for (int from = 0; from < elements.size(); ) {
            int to = Math.min(elements.size(), from + 1 + random.nextInt(4));
            if (random.nextBoolean()) {
                items.add(
                        random.nextInt(4) == 0
                                ? nested(elements.subList(from, to))
                                : array(elements.subList(from, to)));
            } else {
                items.addAll(elements.subList(from, to));
            }
            from = to;
        }
        if (random.nextInt(10) == 0) {
            items.add("[]");
        }
        return array(items);
    }

    private String element(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> Boolean.toString(random.nextBoolean());
            case BYTES -> string("text é😀\n\"\\/\0".substring(random.nextInt(5)));
            case FP16, BF16 -> "1";
            case FP32 -> real(Float.toString(Float.intBitsToFloat(random.nextInt())));
            case FP64 -> real(Double.toString(Double.longBitsToDouble(random.nextLong())));
            case UINT8, UINT16, UINT32, UINT64 ->
                Long.toUnsignedString(random.nextLong() >>> 64 - bits(datatype) + random.nextInt(bits(datatype)));
            case INT8, INT16, INT32, INT64 ->
                Long.toString(random.nextLong() >> 64 - bits(datatype) + random.nextInt(bits(datatype)));
        };
    }

    /** Half of the time one more bit than there should be is possible, seldom. */
    private int bits(Datatype datatype) {
        return Math.min(64, datatype.elementBytes() * 8 + (random.nextInt(100) == 0 ? 1 : 0));
    }

    private String real(String text) {
        return switch (random.nextInt(6)) {
            case 0 -> Double.toString(random.nextDouble());
            case 1 -> Integer.toString(random.nextInt(1000));
            case 2 -> text.replace("E", "e+").replace("+-", "-");
            default -> text;
        };
    }

    private String string(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\' || random.nextInt(12) == 0) {
                json.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
            } else {
                json.append(c);
            }
        }
        // Half of an escaped pair must not stand beside half of a raw one.
        return isText(json) ? json.append('"').toString() : "\"😀\"";
    }

    private static boolean isText(StringBuilder json) {
        return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(json);
    }

    private String member(String name, String value) {
        return string(name) + space() + ":" + space() + value;
    }

    private String object(List<String> members) {
        List<String> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, new Random(random.nextLong()));
        return "{" + space() + String.join("," + space(), shuffled) + space() + "}";
    }

    private String array(List<String> items) {
        return "[" + space() + String.join(space() + "," + space(), items) + space() + "]";
    }

    private String space() {
        return SPACES[random.nextInt(SPACES.length)];
    }
}
