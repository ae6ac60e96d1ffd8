package dev.teal.platform.registry.triton;

import dev.teal.platform.registry.domain.InvalidConfig;
import dev.teal.protocol.textformat.Place;
import dev.teal.protocol.textformat.TextValue;
import dev.teal.protocol.textformat.TextValue.Message;
import dev.teal.protocol.textformat.TextValue.Numeral;
import dev.teal.protocol.textformat.TextValue.Text;
import dev.teal.protocol.textformat.TextValue.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of one message by their names, read as the types that they have. A name that the message does not have is refused: it is a typo. */
final class Fields {
    private static final Set<String> TRUE = Set.of("true", "True", "t", "1");
    private static final Set<String> FALSE = Set.of("false", "False", "f", "0");

    private final Place place;
    private final Map<String, List<TextValue>> values = new HashMap<>();

    /** @param type what the message is, for a refusal */
    Fields(Message message, String type, Set<String> known) {
        place = message.place();
        for (TextValue.Field field : message.fields()) {
            if (!known.contains(field.name())) {
                throw new InvalidConfig(field.place() + ": " + type + " has no field '" + field.name() + "'");
            }
            values.computeIfAbsent(field.name(), _ -> new ArrayList<>()).add(field.value());
        }
    }

    Place place() {
        return place;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    String text(String name) {
        return one(name, Fields::text);
    }

    boolean flag(String name) {
        Boolean flag = one(name, Fields::flag);
        return flag != null && flag;
    }

    @Nullable
    Long number(String name, long least, long most) {
        return one(name, value -> number(name, value, least, most));
    }

    List<Long> numbers(String name, long least, long most) {
        return all(name).stream().map(value -> number(name, value, least, most)).toList();
    }

    /** The name of an enum's constant. */
    @Nullable
    String word(String name) {
        return one(name, value -> value instanceof Word word ? word.value() : refuse(value, "a name without quotes"));
    }

    List<Fields> messages(String name, Set<String> known) {
        return all(name).stream()
                .map(value -> new Fields(message(value), "'" + name + "'", known))
                .toList();
    }

    @Nullable
    Fields message(String name, Set<String> known) {
        return one(name, value -> new Fields(message(value), "'" + name + "'", known));
    }

    /** Of a map, which is written as messages of a key and a value. */
    Map<String, Fields> entries(String name, Set<String> known) {
        Map<String, Fields> entries = new HashMap<>();
        for (Fields entry : messages(name, Set.of("key", "value"))) {
            String key = entry.text("key");
            Fields value = entry.message("value", known);
            if (key == null || value == null) {
                throw new InvalidConfig(entry.place() + ": an entry of '" + name + "' needs a key and a value");
            }
            entries.put(key, value);
        }
        return entries;
    }

    private List<TextValue> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    private <T> @Nullable T one(String name, Function<TextValue, T> read) {
        List<TextValue> given = all(name);
        if (given.size() > 1) {
            throw new InvalidConfig(given.getLast().place() + ": '" + name + "' stands there twice");
        }
        return given.isEmpty() ? null : read.apply(given.getFirst());
    }

    private static String text(TextValue value) {
        return value instanceof Text text ? text.value() : refuse(value, "a text in quotes");
    }

    private static Message message(TextValue value) {
        return value instanceof Message message ? message : refuse(value, "a message in { }");
    }

    private static boolean flag(TextValue value) {
        String word = value instanceof Word given ? given.value() : value instanceof Numeral given ? given.value() : "";
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            return refuse(value, "true or false");
        }
        return TRUE.contains(word);
    }

    private static long number(String name, TextValue value, long least, long most) {
        long number;
        try {
            number = value instanceof Numeral numeral ? Long.decode(numeral.value()) : refuse(value, "a whole number");
        } catch (NumberFormatException e) {
            return refuse(value, "a whole number");
        }
        if (number < least || number > most) {
            throw new InvalidConfig(
                    value.place() + ": '" + name + "' must be " + least + " to " + most + ", got " + number);
        }
        return number;
    }

    private static <T> T refuse(TextValue value, String wanted) {
        throw new InvalidConfig(value.place() + ": expected " + wanted + ", got " + value.kind());
    }
}
