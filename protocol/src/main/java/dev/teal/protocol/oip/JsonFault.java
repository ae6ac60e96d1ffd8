package dev.teal.protocol.oip;

/** Words for bytes that are not JSON. */
final class JsonFault {
    private JsonFault() {}

    /** @param at from the first byte of the JSON */
    static InvalidInference at(int at, String reason) {
        return new InvalidInference("failed to parse the JSON at byte " + at + ": " + reason);
    }

    /** What stands where something else should. @param found a byte, or -1 for the end */
    static InvalidInference unexpected(int at, int found, String wanted) {
        return at(at, shown(found) + " where " + wanted + " should be");
    }

    private static String shown(int found) {
        if (found < 0) {
            return "the end";
        }
        return found > ' ' && found < 0x7f ? "'" + (char) found + "'" : String.format("byte 0x%02x", found);
    }
}
