package dev.teal.protocol.textformat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A string's escapes, which name bytes: {@code \n}, {@code \101}, {@code \x41}, {@code \u0041}. Together they must be UTF-8. */
final class Escapes {
    private static final String NAMES = "abfnrtv\\'\"?";
    private static final String MEANT = "\u0007\b\f\n\r\t\u000b\\'\"?";

    private final String text;
    private final Place place;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int at;

    private Escapes(String text, Place place) {
        this.text = text;
        this.place = place;
    }

    static String resolved(String text, Place place) {
        return new Escapes(text, place).resolved();
    }

    private String resolved() {
        while (at < text.length()) {
            int next = text.codePointAt(at);
            at += Character.charCount(next);
            if (next == '\\') {
                escape();
            } else {
                add(next);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TextFormatError(place, "a text that is not UTF-8");
        }
    }

    private void escape() {
        char name = text.charAt(at++);
        int known = NAMES.indexOf(name);
        if (known >= 0) {
            bytes.write(MEANT.charAt(known));
        } else if (name >= '0' && name <= '7') {
            at--;
            bytes.write(number(8, 1, 3, 0xff));
        } else {
            switch (name) {
                case 'x', 'X' -> bytes.write(number(16, 1, 2, 0xff));
                case 'u' -> add(number(16, 4, 4, Character.MAX_CODE_POINT));
                case 'U' -> add(number(16, 8, 8, Character.MAX_CODE_POINT));
                default -> throw new TextFormatError(place, "an escape that there is not: '\\" + name + "'");
            }
        }
    }

    private int number(int radix, int least, int most, int highest) {
        int from = at;
        long value = 0;
        while (at < text.length() && at - from < most && Character.digit(text.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(text.charAt(at++), radix);
        }
        if (at - from < least || value > highest) {
            throw new TextFormatError(place, "an escape that ends early or names no character");
        }
        return (int) value;
    }

    private void add(int codePoint) {
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            throw new TextFormatError(place, "half a character in a text");
        }
        bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }
}
