package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import dev.teal.protocol.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @Test
    void stringsAreWrittenSoThatJacksonReadsThem() {
        Cases.forAll(3_000, random -> {
            String text = text(random);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer data = ByteBuffer.allocateDirect(4 + utf8.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(utf8.length)
                    .put(utf8)
                    .flip();
            Tensor tensor = new Tensor(text, Datatype.BYTES, new long[] {1}, data);

            byte[] json = InferenceJson.write(new InferenceResponse(text, "1", text, List.of(tensor)));

            var tree = Json.MAPPER.readTree(json);
            assertThat(tree.path("model_name").asString()).isEqualTo(text);
            assertThat(tree.path("id").asString()).isEqualTo(text);
            assertThat(tree.path("outputs").path(0).path("data").path(0).asString())
                    .isEqualTo(text);
        });
    }

    private static String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            int bound = List.of(0x20, 0x80, 0x800, 0xd800, 0x110000).get(random.nextInt(5));
            int codePoint = random.nextInt(bound);
            text.appendCodePoint(Character.isSurrogate((char) codePoint) && codePoint < 0x10000 ? '"' : codePoint);
        }
        return text.toString();
    }

    /** Of each kind that is not UTF-8: a byte alone, too long, a surrogate, too high, cut off. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "c0af",
                "c1bf",
                "e08080",
                "eda080",
                "f0808080",
                "f4908080",
                "f5808080",
                "ff",
                "c3",
                "e282",
                "f09f98",
                "e28261"
            })
    void whatIsNotUtf8IsNeitherReadNorWritten(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteBuffer data = ByteBuffer.allocate(4 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .put(bytes)
                .flip();
        Tensor tensor = new Tensor("x", Datatype.BYTES, new long[] {1}, data);
        String json = "{\"inputs\":[],\"x\":\"" + new String(bytes, StandardCharsets.ISO_8859_1) + "\"}";

        assertThatThrownBy(() -> InferenceJson.write(new InferenceResponse("m", "1", null, List.of(tensor))))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> InferenceJson.readRequest(json.getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("at byte 18: a string is not UTF-8");
    }

    @Test
    void utf8IsWhatTheJdkTakesForIt() {
        Cases.forAll(20_000, random -> {
            byte[] bytes = new byte[1 + random.nextInt(4)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (0x80 | random.nextInt(0x80));
            }

            assertThat(Utf8.length(bytes, 0, bytes.length) != 0)
                    .as(HexFormat.of().formatHex(bytes))
                    .isEqualTo(startsWithCharacter(bytes));
        });
    }

    private static boolean startsWithCharacter(byte[] bytes) {
        for (int length = 1; length <= bytes.length; length++) {
            try {
                CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
                return text.hasRemaining();
            } catch (CharacterCodingException e) {
                continue;
            }
        }
        return false;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "\\ud83d\\ude00"  | f09f9880
            "\\uD83D\\uDE00"  | f09f9880
            "\\u0000"         | 00
            "\\u00e9\\u20ac"  | c3a9e282ac
            "\\"\\\\\\/\\b\\f\\n\\r\\t" | 225c2f080c0a0d09
            "a\\u0041b"       | 614162
            """)
    void escapesAreRead(String json, String utf8) {
        Tensor tensor = InferenceJson.readRequest(request(json)).inputs().getFirst();

        byte[] text = new byte[tensor.data().getInt(0)];
        tensor.data().get(4, text);
        assertThat(HexFormat.of().formatHex(text)).isEqualTo(utf8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "\\ud83d"          | half a surrogate pair
            "\\ude00"          | half a surrogate pair
            "\\ud83d\\u0041"   | half a surrogate pair
            "\\ud83dx\\ude00"  | half a surrogate pair
            "\\u12"            | a hexadecimal digit
            "\\x"              | one of
            "\\                | the end where
            "a                 | the end inside a string
            """)
    void brokenEscapesAreRefused(String json, String message) {
        byte[] body = request(json);
        int length = json.endsWith("\"") ? body.length : new String(body, StandardCharsets.UTF_8).indexOf("]}]}");

        assertThatThrownBy(() -> InferenceCodec.readRequest(body, 0, length, TensorAllocator.HEAP))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("at byte")
                .hasMessageContaining(message);
    }

    private static byte[] request(String element) {
        return ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[" + element + "]}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aByteThatIsNoEscapeIsNamed() {
        byte[] json = "{\"inputs\":[],\"x\":\"\\\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> InferenceJson.readRequest(json))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("byte 0xff where one of");
    }
}
