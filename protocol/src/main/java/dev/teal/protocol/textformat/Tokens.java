package dev.teal.protocol.textformat;

/** Cuts the text into words, numbers, strings and marks; comments go. */
final class Tokens {
    private static final String MARKS = "{}<>[]:,;-/.";

    private final String text;
    private int at;
    private int line = 1;
    private int lineStart;

    Tokens(String text) {
        this.text = text;
    }

    Token next() {
        skipBlank();
        Place place = place();
        if (at == text.length()) {
            return new Token(Token.Kind.END, "", place);
        }
        char first = text.charAt(at);
        if (isLetter(first)) {
            return new Token(Token.Kind.WORD, run(), place);
        }
        if (isDigit(first) || (first == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            return new Token(Token.Kind.NUMERAL, numeral(), place);
        }
        if (first == '"' || first == '\'') {
            return new Token(Token.Kind.TEXT, string(first, place), place);
        }
        if (MARKS.indexOf(first) >= 0) {
            at++;
            return new Token(Token.Kind.MARK, String.valueOf(first), place);
        }
        throw new TextFormatError(place, "a character that has no meaning here (" + name(text.codePointAt(at)) + ")");
    }

    private void skipBlank() {
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (next == '\n') {
                at++;
                line++;
                lineStart = at;
            } else if (next == ' ' || next == '\t' || next == '\r' || next == '\f' || next == '\u000b') {
                at++;
            } else {
                return;
            }
        }
    }

    private String run() {
        int from = at;
        while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
            at++;
        }
        return text.substring(from, at);
    }

    /** All that may belong to a number, signs of an exponent too; whether it is one is seen when it is read. */
    private String numeral() {
        int from = at;
        boolean hexadecimal = text.startsWith("0x", at) || text.startsWith("0X", at);
        while (at < text.length()) {
            char next = text.charAt(at);
            boolean sign =
                    (next == '-' || next == '+') && !hexadecimal && at > from && "eE".indexOf(text.charAt(at - 1)) >= 0;
            if (!isLetter(next) && !isDigit(next) && next != '.' && !sign) {
                break;
            }
            at++;
        }
        return text.substring(from, at);
    }

    private String string(char quote, Place place) {
        int from = ++at;
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\n') {
                throw new TextFormatError(place, "a text that does not end on its line");
            }
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length()) {
            throw new TextFormatError(place, "a text that does not end");
        }
        return Escapes.resolved(text.substring(from, at++), place);
    }

    private Place place() {
        return new Place(line, at - lineStart + 1);
    }

    private static String name(int codePoint) {
        return String.format("U+%04X", codePoint);
    }

    private static boolean isLetter(char character) {
        return character == '_' || (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
