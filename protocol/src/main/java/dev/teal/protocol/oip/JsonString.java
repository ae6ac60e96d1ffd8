package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The string that was scanned last: checked whole, made into characters only where they are needed. */
final class JsonString {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int from;
    private int to;
    private int saved;
    private boolean ascii;

    /** @param start of the JSON, from which messages count */
    JsonString(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    /** @param quote where it opens. @return the offset behind the quote that closes it */
    int scan(int quote) {
        from = quote + 1;
        saved = 0;
        ascii = true;
        int at = from;
        while (at < end) {
            byte b = bytes[at];
            if (b == '"') {
                to = at;
                return at + 1;
            }
            if (b == '\\') {
                at = escape(at);
            } else if (b >= ' ') {
                at++;
            } else {
                at += other(at, b);
            }
        }
        throw JsonFault.at(at - start, "the end inside a string");
    }

    private int other(int at, byte b) {
        if (b >= 0) {
            throw JsonFault.at(at - start, "a control character in a string; escape it");
        }
        int length = Utf8.length(bytes, at, end);
        if (length == 0) {
            throw JsonFault.at(at - start, "a string is not UTF-8");
        }
        ascii = false;
        return length;
    }

    private int escape(int at) {
        int kind = at + 1 < end ? bytes[at + 1] & 0xff : -1;
        if (kind == 'u') {
            int codePoint = codePoint(at);
            int length = codePoint < 0x10000 ? 6 : 12;
            saved += length - Utf8.length(codePoint);
            return at + length;
        }
        if (plain(kind) == 0) {
            throw JsonFault.unexpected(at + 1 - start, kind, "one of \"\\/bfnrtu");
        }
        saved++;
        return at + 2;
    }

    private static int plain(int escape) {
        return switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> 0;
        };
    }

    /** Of one escape, or of the two of a surrogate pair. */
    private int codePoint(int at) {
        int unit = unit(at);
        if (!Character.isSurrogate((char) unit)) {
            return unit;
        }
        boolean pair = Character.isHighSurrogate((char) unit)
                && at + 7 < end
                && bytes[at + 6] == '\\'
                && bytes[at + 7] == 'u'
                && Character.isLowSurrogate((char) unit(at + 6));
        if (!pair) {
            throw JsonFault.at(at - start, "half a surrogate pair, which UTF-8 can't carry; send whole characters");
        }
        return Character.toCodePoint((char) unit, (char) unit(at + 6));
    }

    private int unit(int at) {
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            int digit = i < end ? Character.digit(bytes[i], 16) : -1;
            if (digit < 0) {
                throw JsonFault.unexpected(i - start, i < end ? bytes[i] & 0xff : -1, "a hexadecimal digit");
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    boolean escaped() {
        return saved != 0;
    }

    /** As UTF-8. */
    int length() {
        return to - from - saved;
    }

    String text() {
        if (!escaped()) {
            return new String(bytes, from, to - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        }
        return new String(decoded(), StandardCharsets.UTF_8);
    }

    void to(ByteBuffer out) {
        if (escaped()) {
            out.put(decoded());
        } else {
            out.put(bytes, from, to - from);
        }
    }

    private byte[] decoded() {
        byte[] utf8 = new byte[length()];
        int size = 0;
        for (int at = from; at < to; ) {
            if (bytes[at] != '\\') {
                utf8[size++] = bytes[at++];
            } else if (bytes[at + 1] == 'u') {
                int codePoint = codePoint(at);
                size = Utf8.put(codePoint, utf8, size);
                at += codePoint < 0x10000 ? 6 : 12;
            } else {
                utf8[size++] = (byte) plain(bytes[at + 1]);
                at += 2;
            }
        }
        return utf8;
    }
}
