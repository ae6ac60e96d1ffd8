package dev.teal.protocol.oip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Goes over JSON for a key that stands at some depth, and looks at nothing else: whether it is JSON at all is not its to say. */
final class JsonScan {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x8080_8080_8080_8080L;
    private static final long QUOTES = '"' * EACH;

    /** What brackets and braces have in common, open or closed; a few letters have it, too. */
    private static final long BRACKET_BITS = 0xd9d9_d9d9_d9d9_d9d9L;

    private static final long BRACKETS = 0x59 * EACH;
    private static final int MOST_DIGITS = 18;

    private final byte[] json;
    private final int length;
    private int at;

    JsonScan(byte[] json, int length) {
        this.json = json;
        this.length = length;
    }

    int at() {
        return at;
    }

    void back(int to) {
        at = to;
    }

    /** Whether it went to the end of what there is. */
    boolean isCut() {
        return at >= length;
    }

    boolean enters(char bracket) {
        return next() == bracket && at++ < length;
    }

    /** Goes behind a name, quotes included, that stands as a key at a depth counted from here. */
    boolean find(byte[] name, int wantedDepth) {
        int depth = 0;
        while (at < length) {
            if (at + Long.BYTES <= length && isDull((long) WORD.get(json, at))) {
                at += Long.BYTES;
                continue;
            }
            byte c = json[at];
            if (c == '"') {
                int start = at;
                skipString();
                if (depth == wantedDepth && matches(name, start, at) && next() == ':') {
                    at++;
                    return true;
                }
            } else {
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                at++;
                if (depth == 0 && at > 1 && (c == '}' || c == ']')) {
                    return false;
                }
            }
        }
        return false;
    }

    /** Of eight bytes, whether none is a quote, bracket or brace. */
    private static boolean isDull(long word) {
        long quotes = word ^ QUOTES;
        long brackets = word & BRACKET_BITS ^ BRACKETS;
        return ((quotes - EACH & ~quotes | brackets - EACH & ~brackets) & HIGH) == 0;
    }

    private void skipString() {
        at++;
        while (at < length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        at++;
    }

    private boolean matches(byte[] name, int start, int end) {
        if (end > length || end - start != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (json[start + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Goes behind a name that stands as a key of the object that ends at the end, from there on backwards: what lies before the key need not
     * be there. In JSON this is no guess, for a quote is part of a string where an odd number of backslashes comes before it, and only there.
     */
    boolean findBackwards(byte[] name) {
        int depth = 0;
        for (int i = length - 1; i >= 0; ) {
            if (i >= Long.BYTES && isDull((long) WORD.get(json, i - Long.BYTES + 1))) {
                i -= Long.BYTES;
                continue;
            }
            byte c = json[i];
            if (c == '"') {
                int start = opening(i);
                at = i + 1;
                if (start >= 0 && depth == 1 && matches(name, start, at) && next() == ':') {
                    at++;
                    return true;
                }
                i = start - 1;
            } else {
                depth += c == '}' || c == ']' ? 1 : c == '{' || c == '[' ? -1 : 0;
                i--;
            }
        }
        return false;
    }

    /** @param closing quote. @return the one that opens its string; -1 where that is not there */
    private int opening(int closing) {
        for (int i = closing - 1; i >= 0; i--) {
            if (json[i] == '"') {
                int first = i;
                while (first > 0 && json[first - 1] == '\\') {
                    first--;
                }
                if ((i - first & 1) == 0) {
                    return first == 0 && i > 0 ? -1 : i;
                }
            }
        }
        return -1;
    }

    byte next() {
        while (at < length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
        return at < length ? json[at] : 0;
    }

    /** 0 for what is not a whole number: reading it will say so. */
    long number() {
        long value = 0;
        int digits = 0;
        next();
        for (; at < length && json[at] >= '0' && json[at] <= '9'; at++) {
            if (digits++ < MOST_DIGITS) {
                value = value * 10 + json[at] - '0';
            }
        }
        byte behind = at < length ? json[at] : 0;
        if (behind == '.' || behind == 'e' || behind == 'E') {
            return 0;
        }
        return digits > MOST_DIGITS ? Long.MAX_VALUE : value;
    }
}
