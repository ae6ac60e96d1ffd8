package dev.teal.protocol.textformat;

import java.util.List;

/** What stands for a field. A list is as many fields of one name; which words and numbers a field takes is its reader's to know. */
public sealed interface TextValue {
    /** Where it begins. */
    Place place();

    /** One or more quoted strings that stand side by side. */
    record Text(String value, Place place) implements TextValue {}

    /** {@code true}, the name of an enum's constant, {@code inf}. */
    record Word(String value, Place place) implements TextValue {}

    /** As it is written, with its sign: decimal, octal, hexadecimal or with a fraction. */
    record Numeral(String value, Place place) implements TextValue {}

    /** In the order of the text; a field may come again. */
    record Message(List<Field> fields, Place place) implements TextValue {
        public Message {
            fields = List.copyOf(fields);
        }
    }

    record Field(String name, TextValue value, Place place) {}

    /** In words, for a refusal. */
    default String kind() {
        return switch (this) {
            case Text _ -> "a text";
            case Word word -> "'" + Token.shown(word.value()) + "'";
            case Numeral numeral -> Token.shown(numeral.value());
            case Message _ -> "a message";
        };
    }
}
