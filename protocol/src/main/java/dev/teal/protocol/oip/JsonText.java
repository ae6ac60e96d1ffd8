package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** JSON strings and plain pieces, written into one array. */
final class JsonText {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] QUOTE = piece("\"");

    /** A longer string is written in parts of so many bytes. */
    private static final int PART_BYTES = 64 << 10;

    private JsonText() {}

    static byte[] piece(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    static void piece(byte[] piece, ByteWriter out) {
        System.arraycopy(piece, 0, out.room(piece.length), out.size(), piece.length);
        out.advance(piece.length);
    }

    static void number(long value, ByteWriter out) {
        byte[] to = out.room(Digits.ROOM);
        out.advance(Digits.put(value, to, out.size()) - out.size());
    }

    /** Writes a name or an id. Half a surrogate pair becomes a question mark: UTF-8 has no place for it. */
    static void string(String text, ByteWriter out) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, out.room(utf8.length + 2), out.size() + 1, utf8.length);
        quote(utf8.length, out);
    }

    /** Writes the bytes of a BYTES element. @return false if they are not UTF-8; what is written is of no use then */
    static boolean string(ByteBuffer from, int at, int length, ByteWriter out) {
        if (length > PART_BYTES) {
            return longString(from, at, at + length, out);
        }
        byte[] to = out.room(Math.addExact(length, 2));
        from.get(at, to, out.size() + 1, length);
        if (!isUtf8(to, out.size() + 1, out.size() + 1 + length)) {
            return false;
        }
        quote(length, out);
        return true;
    }

    private static boolean longString(ByteBuffer from, int start, int end, ByteWriter out) {
        piece(QUOTE, out);
        for (int at = start; at < end; ) {
            int length = partEnd(from, at, end) - at;
            byte[] to = out.room(length + 2);
            from.get(at, to, out.size(), length);
            if (!isUtf8(to, out.size(), out.size() + length)) {
                return false;
            }
            out.advance(escape(out.size(), length, out));
            out.pass();
            at += length;
        }
        piece(QUOTE, out);
        return true;
    }

    /** Not within a character. */
    private static int partEnd(ByteBuffer from, int start, int end) {
        if (end - start <= PART_BYTES) {
            return end;
        }
        int cut = start + PART_BYTES;
        while (cut > start + PART_BYTES - Utf8.MOST_BYTES && (from.get(cut) & 0xc0) == 0x80) {
            cut--;
        }
        return cut;
    }

    private static boolean isUtf8(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int length = bytes[at] >= 0 ? 1 : Utf8.length(bytes, at, to);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** Makes a string of the bytes that lie one behind the end: most need no escape and stay where they are. */
    private static void quote(int length, ByteWriter out) {
        int from = out.size() + 1;
        int written = escape(from, length, out);
        byte[] bytes = out.array();
        bytes[from - 1] = '"';
        bytes[from + written] = '"';
        out.advance(written + 2);
    }

    /** Escapes what lies behind the end, where it lies. @return its length then */
    private static int escape(int from, int length, ByteWriter out) {
        byte[] bytes = out.array();
        int more = 0;
        for (int i = from; i < from + length; i++) {
            more += escapeBytes(bytes[i]) - 1;
        }
        if (more > 0) {
            escape(out.room(Math.addExact(length + 2, more)), from, length, more);
        }
        return length + more;
    }

    /** From the end on, so that each byte is read before its place is written. */
    private static void escape(byte[] bytes, int from, int length, int more) {
        int to = from + length + more;
        for (int i = from + length - 1; to > i + 1; i--) {
            byte b = bytes[i];
            int size = escapeBytes(b);
            to -= size;
            if (size == 1) {
                bytes[to] = b;
            } else {
                bytes[to] = '\\';
                bytes[to + 1] = letter(b);
                if (size == 6) {
                    bytes[to + 2] = '0';
                    bytes[to + 3] = '0';
                    bytes[to + 4] = HEX[b >> 4];
                    bytes[to + 5] = HEX[b & 15];
                }
            }
        }
    }

    private static int escapeBytes(byte b) {
        if (b >= ' ' || b < 0) {
            return b == '"' || b == '\\' ? 2 : 1;
        }
        return letter(b) == 'u' ? 6 : 2;
    }

    private static byte letter(byte b) {
        return switch (b) {
            case '"', '\\' -> b;
            case '\b' -> 'b';
            case '\f' -> 'f';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 'u';
        };
    }
}
