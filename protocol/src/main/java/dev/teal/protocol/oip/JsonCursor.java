package dev.teal.protocol.oip;

import dev.teal.protocol.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Goes once over JSON bytes (RFC 8259, and the bare words NaN, Infinity and -Infinity as numbers). What is passed is checked, what is
 * needed is made; nesting is bounded, also in what is skipped.
 */
final class JsonCursor {
    static final int MAX_DEPTH = Json.MOST_DEPTH;
    static final int END = -1;

    private static final byte[][] NONE = {};

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final JsonString string;
    private final JsonNumber number;
    private int position;
    private int depth;

    /** @throws InvalidInference if the bytes start as another encoding does */
    JsonCursor(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.start = offset;
        this.end = offset + length;
        this.position = offset;
        this.string = new JsonString(bytes, start, end);
        this.number = new JsonNumber(bytes, start, end);
        requireUtf8();
    }

    private void requireUtf8() {
        if (start < end && (bytes[start] & 0xff) >= 0xef) {
            throw new InvalidInference("the body must be JSON in UTF-8 without a byte order mark");
        }
        for (int i = start; i < Math.min(start + 4, end); i++) {
            if (bytes[i] == 0) {
                throw new InvalidInference("the body must be JSON in UTF-8, not in UTF-16 or UTF-32");
            }
        }
    }

    /** Goes to the next byte that is no white space. @return it, {@link #END} at the end */
    int token() {
        for (int at = position; at < end; at++) {
            int b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                position = at;
                return b & 0xff;
            }
        }
        position = end;
        return END;
    }

    int position() {
        return position;
    }

    /** From the first byte of the JSON, for messages. */
    int offset() {
        return position - start;
    }

    int depth() {
        return depth;
    }

    int remaining() {
        return end - position;
    }

    /** Back to a value that was skipped. @param at where it starts, @param level the depth there */
    void back(int at, int level) {
        position = at;
        depth = level;
    }

    /** Enters the array at this token. @return whether it has an element, which is next; if not, it is passed */
    boolean beginArray() {
        enter();
        return token() != ']' || leave();
    }

    /** Behind an element. @return whether another is next; if not, the array is passed */
    boolean nextElement() {
        int token = token();
        if (token == ',') {
            position++;
            return true;
        }
        return token == ']' ? leave() : unexpected(token, "',' or ']'");
    }

    /** Enters the object at this token. @return whether it has a member, whose name is next; if not, it is passed */
    boolean beginObject() {
        enter();
        int token = token();
        return token == '"' || (token == '}' ? leave() : unexpected(token, "a name in quotes, or '}'"));
    }

    /** Behind a member. @return whether another's name is next; if not, the object is passed */
    boolean nextMember() {
        int token = token();
        if (token == ',') {
            position++;
            token = token();
            return token == '"' || unexpected(token, "a name in quotes");
        }
        return token == '}' ? leave() : unexpected(token, "',' or '}'");
    }

    private void enter() {
        if (depth++ == MAX_DEPTH) {
            throw JsonFault.at(offset(), "nested to a depth of more than " + MAX_DEPTH);
        }
        position++;
    }

    private boolean leave() {
        position++;
        depth--;
        return false;
    }

    private boolean unexpected(int found, String wanted) {
        throw JsonFault.unexpected(offset(), found, wanted);
    }

    /** Takes the name at this token, and the colon. @return its place among those known, or -1; {@link #string} has it */
    int name(byte[][] known) {
        position = string.scan(position);
        int place = place(known);
        int token = token();
        if (token != ':') {
            unexpected(token, "':'");
        }
        position++;
        return place;
    }

    private int place(byte[][] known) {
        for (int i = 0; i < known.length; i++) {
            if (is(known[i])) {
                return i;
            }
        }
        return string.escaped() ? escapedPlace(known) : -1;
    }

    private boolean is(byte[] known) {
        int from = string.from();
        if (string.to() - from != known.length) {
            return false;
        }
        for (int i = 0; i < known.length; i++) {
            if (bytes[from + i] != known[i]) {
                return false;
            }
        }
        return true;
    }

    private int escapedPlace(byte[][] known) {
        String name = string.text();
        for (int i = 0; i < known.length; i++) {
            if (name.equals(new String(known[i], StandardCharsets.US_ASCII))) {
                return i;
            }
        }
        return -1;
    }

    /** Takes the string at this token. */
    JsonString string() {
        position = string.scan(position);
        return string;
    }

    /** The string that was taken last. */
    JsonString lastString() {
        return string;
    }

    /** Takes the number at this token. */
    JsonNumber number() {
        position = number.scan(position);
        return number;
    }

    /** Takes {@code true} or {@code false}; only at a token of such a letter. */
    boolean bool() {
        boolean value = bytes[position] == 't';
        word(value ? "true" : "false");
        return value;
    }

    private void word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (position + i >= end || bytes[position + i] != word.charAt(i)) {
                unexpected(token(), "a value");
            }
        }
        position += word.length();
    }

    /** Takes a name, or null, which is none. */
    @Nullable
    String text(String what) {
        return text(what, RequestLimits.NAME_BYTES);
    }

    /** Takes a string, or null, which is none. */
    @Nullable
    String text(String what, int mostBytes) {
        int token = token();
        if (token == '"') {
            RequestLimits.requireBytes(string().length(), mostBytes, "'" + what + "'");
            return string.text();
        }
        skipValue();
        if (token != 'n') {
            throw new InvalidInference("'" + what + "' must be a string");
        }
        return null;
    }

    /** @return whether an array starts here; if not, a whole value of another kind was passed */
    boolean isArray() {
        if (token() == '[') {
            return true;
        }
        skipValue();
        return false;
    }

    /** @return whether an object starts here; if not, a whole value of another kind was passed */
    boolean isObject() {
        if (token() == '{') {
            return true;
        }
        skipValue();
        return false;
    }

    void requireArray(String what) {
        if (!isArray()) {
            throw new InvalidInference("'" + what + "' must be a JSON array");
        }
    }

    /** Passes a value of any kind. */
    void skipValue() {
        int outside = depth;
        long objects = 0;
        while (true) {
            int token = token();
            boolean entered = false;
            switch (token) {
                case '{' -> {
                    objects = objects << 1 | 1;
                    entered = beginObject();
                    objects = entered ? objects : objects >>> 1;
                }
                case '[' -> {
                    objects <<= 1;
                    entered = beginArray();
                    objects = entered ? objects : objects >>> 1;
                }
                case '"' -> position = string.scan(position);
                case 't', 'f' -> bool();
                case 'n' -> word("null");
                default -> skipNumber(token);
            }
            if (!entered) {
                while (depth > outside && !((objects & 1) == 1 ? nextMember() : nextElement())) {
                    objects >>>= 1;
                }
                if (depth == outside) {
                    return;
                }
            }
            if ((objects & 1) == 1) {
                name(NONE);
            }
        }
    }

    private void skipNumber(int token) {
        if (!JsonNumber.starts(token)) {
            unexpected(token, "a value");
        }
        position = number.scan(position);
    }

    /** @throws InvalidInference if anything but white space is left */
    void requireEnd() {
        if (token() != END) {
            throw new InvalidInference(
                    "the JSON value is followed by something else at byte " + offset() + "; send one value only");
        }
    }
}
