package dev.teal.platform.audit.domain;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON whose bytes depend on its meaning alone: fields sorted by UTF-16 code units, no white space, numbers plain and without trailing zeros. So
 * what comes back from a {@code jsonb} column hashes like what went in.
 */
final class Canonical {
    private Canonical() {}

    static String json(@Nullable Object value) {
        StringBuilder json = new StringBuilder();
        write(value, json);
        return json.toString();
    }

    private static void write(@Nullable Object value, StringBuilder json) {
        switch (value) {
            case null -> json.append("null");
            case Boolean truth -> json.append(truth);
            case Number number -> json.append(plain(number));
            case Map<?, ?> fields -> object(fields, json);
            case List<?> elements -> array(elements, json);
            default -> text(value.toString(), json);
        }
    }

    private static String plain(Number number) {
        BigDecimal exact = new BigDecimal(number.toString());
        return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    }

    private static void object(Map<?, ?> fields, StringBuilder json) {
        SortedMap<String, @Nullable Object> sorted = new TreeMap<>();
        fields.forEach((name, value) -> sorted.put(String.valueOf(name), value));
        json.append('{');
        String divider = "";
        for (var field : sorted.entrySet()) {
            json.append(divider);
            text(field.getKey(), json);
            json.append(':');
            write(field.getValue(), json);
            divider = ",";
        }
        json.append('}');
    }

    private static void array(List<?> elements, StringBuilder json) {
        json.append('[');
        String divider = "";
        for (Object element : elements) {
            json.append(divider);
            write(element, json);
            divider = ",";
        }
        json.append(']');
    }

    private static void text(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
