package dev.teal.protocol.textformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.textformat.TextValue.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFormatTest {
    /** Back in one line, so that what was understood can be compared with what was written. */
    private static String shown(TextValue value) {
        return switch (value) {
            case TextValue.Text text -> '"' + text.value() + '"';
            case TextValue.Word word -> word.value();
            case TextValue.Numeral numeral -> numeral.value();
            case Message message -> {
                StringBuilder fields = new StringBuilder("{");
                message.fields()
                        .forEach(field -> fields.append(' ')
                                .append(field.name())
                                .append('=')
                                .append(shown(field.value())));
                yield fields.append(" }").toString();
            }
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                   | { }
            `name: "a"`                          | { name="a" }
            `name: 'it"s'`                       | { name="it"s" }
            `name: "a" 'b' # c`                  | { name="ab" }
            `dims: 1 dims: -1`                   | { dims=1 dims=-1 }
            `dims: [ 1, -1, 0x1F, 017 ]`         | { dims=1 dims=-1 dims=0x1F dims=017 }
            `dims: []`                           | { }
            `input { name: "x" } input { }`      | { input={ name="x" } input={ } }
            `input: { name: "x" }`               | { input={ name="x" } }
            `input < name: "x" >`                | { input={ name="x" } }
            `input [ { name: "x" }, { } ]`       | { input={ name="x" } input={ } }
            `input: [ { name: "x" }, < > ]`      | { input={ name="x" } input={ } }
            `a: 1, b: 2; c: true`                | { a=1 b=2 c=true }
            `kind: KIND_CPU`                     | { kind=KIND_CPU }
            `f: 1.5e-3f g: .5 h: -inf i: - 7`    | { f=1.5e-3f g=.5 h=-inf i=-7 }
            `s: "\\n\\x41\\101\\u00e9\\U0001F600"` | `{ s="\nAAé😀" }`
            `s: "\\303\\251"`                    | { s="é" }
            """)
    void givenATextItsFieldsAreRead(String text, String fields) {
        assertThat(shown(TextFormat.parse(text.replace("\\\\", "\\")))).isEqualTo(fields);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `name`              | line 1, column 5: expected ':' or '{' after 'name', got the end
            `name "x"`          | line 1, column 6: expected ':' or '{' after 'name', got a text
            `name: `            | expected a value, got the end
            `name: }`           | line 1, column 7: expected a value, got '}'
            `}`                 | line 1, column 1: expected a field's name, got '}'
            `a { b: 1`          | expected a field's name or the end of the message that begins at line 1, column 3, got the end
            `a { b: 1 >`        | got '>'
            `a: [1 2]`          | expected ',' or ']' in the list 'a', got '2'
            `a: [1,]`           | expected a value, got ']'
            `a [1]`             | expected a message, as no ':' stands before the list
            `a: "b`             | line 1, column 4: a text that does not end
            `a: "\\q"`          | an escape that there is not: '\\q'
            `a: "\\x"`          | an escape that ends early
            `a: "\\777"`        | an escape that ends early or names no character
            `a: "\\uD800"`      | half a character
            `a: "\\xff"`        | not UTF-8
            `[ext.field]: 1`    | expected a field's name, got '['
            `a: 1 $`            | line 1, column 6: a character that has no meaning here (U+0024)
            """)
    void givenAMistakeItsPlaceIsNamed(String text, String words) {
        assertThatThrownBy(() -> TextFormat.parse(text.replace("\\\\", "\\")))
                .isInstanceOf(TextFormatError.class)
                .hasMessageContaining(words.replace("\\\\", "\\"));
    }

    @Test
    void givenSeveralLinesAnEditorFindsThePlace() {
        assertThatThrownBy(() -> TextFormat.parse("# first\nname: \"a\"\r\n\tinput {\n  name }\n"))
                .hasMessage("line 4, column 8: expected ':' or '{' after 'name', got '}'");
    }

    @Test
    void givenTooMuchItEnds() {
        assertThatThrownBy(() -> TextFormat.parse("a {".repeat(100_000)))
                .isInstanceOf(TextFormatError.class)
                .hasMessageContaining("32 deep");
        assertThatThrownBy(() -> TextFormat.parse("a:1 ".repeat(30_000)))
                .isInstanceOf(TextFormatError.class)
                .hasMessageContaining("20000 fields");
    }

    @Test
    void givenALongValueItIsNamedByItsBeginning() {
        Message message = TextFormat.parse("a: " + "7".repeat(50_000) + " b: -" + "x".repeat(50_000));

        assertThat(message.fields())
                .extracting(field -> field.value().kind())
                .containsExactly("7".repeat(40) + "…", "'-" + "x".repeat(39) + "…'");
        assertThatThrownBy(() -> TextFormat.parse("x".repeat(50_000) + " 1"))
                .isInstanceOf(TextFormatError.class)
                .hasMessage("line 1, column 50002: expected ':' or '{' after '" + "x".repeat(40) + "…', got '1'");
    }
}
