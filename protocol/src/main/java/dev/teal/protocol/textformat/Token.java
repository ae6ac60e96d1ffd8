package dev.teal.protocol.textformat;

/**
 * A piece of the text.
 *
 * @param value of a string without its quotes and escapes; of a mark the mark
 */
record Token(Kind kind, String value, Place place) {
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

    /** In words, for a refusal. */
    String words() {
        return switch (kind) {
            case END -> "the end";
            case TEXT -> "a text";
            case WORD, NUMERAL, MARK -> "'" + (value.length() > 40 ? value.substring(0, 40) + "…" : value) + "'";
        };
    }
}
