package dev.teal.protocol.oip;

/** Well-formed UTF-8 as Unicode has it (table 3-7): no surrogates, nothing longer than needed, nothing above U+10FFFF. */
final class Utf8 {
    /** Of one character. */
    static final int MOST_BYTES = 4;

    private Utf8() {}

    /** @param at of a byte that is not ASCII. @return bytes of the character that starts there; 0 if none does */
    static int length(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xff;
        if (lead < 0xc2 || lead > 0xf4) {
            return 0;
        }
        int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (end - at < length || !secondFits(lead, bytes[at + 1] & 0xff)) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    private static boolean secondFits(int lead, int second) {
        return switch (lead) {
            case 0xe0 -> second >= 0xa0 && second <= 0xbf;
            case 0xed -> second >= 0x80 && second <= 0x9f;
            case 0xf0 -> second >= 0x90 && second <= 0xbf;
            case 0xf4 -> second >= 0x80 && second <= 0x8f;
            default -> second >= 0x80 && second <= 0xbf;
        };
    }

    /** @return bytes of a code point that is no surrogate */
    static int length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /** @return the offset behind it */
    static int put(int codePoint, byte[] to, int at) {
        int next = at;
        if (codePoint < 0x80) {
            to[next++] = (byte) codePoint;
            return next;
        }
        int length = length(codePoint);
        to[next++] = (byte) (codePoint >>> 6 * (length - 1) | 0xf00 >>> length);
        for (int left = length - 2; left >= 0; left--) {
            to[next++] = (byte) (0x80 | codePoint >>> 6 * left & 0x3f);
        }
        return next;
    }
}
