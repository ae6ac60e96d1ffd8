package dev.teal.protocol.textformat;

/**
 * A piece of the text.
 *
 * @param value of a string without its quotes and escapes; of a mark the mark
 */
record Token(Kind kind, String value, Place place) {
    private static final int LONGEST = 40;

    enum Kind {
        WORD,
        NUMERAL,
        TEXT,
        MARK,
        END
    }

    boolean is(char mark) {
        return kind == Kind.MARK && value.charAt(0) == mark;
    }

    /** A stranger's text, short enough for a message. */
    static String shown(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /** In words, for a refusal. */
    String words() {
        return switch (kind) {
            case END -> "the end";
            case TEXT -> "a text";
            case WORD, NUMERAL, MARK -> "'" + shown(value) + "'";
        };
    }
}
