package dev.teal.protocol.textformat;

import dev.teal.protocol.textformat.TextValue.Field;
import dev.teal.protocol.textformat.TextValue.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads protobuf's text format (protobuf.dev/reference/protobuf/textformat-spec) into names and values. Without a schema, so it can't tell a
 * wrong field; extensions and {@code Any} are refused.
 */
public final class TextFormat {
    private static final int DEEPEST = 32;
    private static final int MOST_FIELDS = 20_000;

    private final Tokens tokens;
    private Token token;
    private int depth;
    private int fields;

    private TextFormat(String text) {
        tokens = new Tokens(text);
        token = tokens.next();
    }

    /** @throws TextFormatError saying where and what */
    public static Message parse(String text) {
        TextFormat parser = new TextFormat(text);
        Place start = parser.token.place();
        List<Field> fields = parser.fields();
        if (parser.token.kind() != Token.Kind.END) {
            throw parser.expected("a field's name");
        }
        return new Message(fields, start);
    }

    private List<Field> fields() {
        List<Field> read = new ArrayList<>();
        while (token.kind() == Token.Kind.WORD) {
            Token name = take();
            if (token.is('[')) {
                list(name, false, read);
            } else if (token.is(':')) {
                take();
                if (token.is('[')) {
                    list(name, true, read);
                } else {
                    add(read, name, value());
                }
            } else if (token.is('{') || token.is('<')) {
                add(read, name, message());
            } else {
                throw expected("':' or '{' after '" + Token.shown(name.value()) + "'");
            }
            if (token.is(',') || token.is(';')) {
                take();
            }
        }
        return read;
    }

    /** @param scalars whether a colon stood before it: without, it has messages only */
    private void list(Token name, boolean scalars, List<Field> into) {
        take();
        boolean first = true;
        while (!token.is(']')) {
            if (!first) {
                take(',', "',' or ']' in the list '" + Token.shown(name.value()) + "'");
            }
            first = false;
            if (!scalars && !token.is('{') && !token.is('<')) {
                throw expected("a message, as no ':' stands before the list");
            }
            add(into, name, value());
        }
        take();
    }

    private TextValue value() {
        if (token.is('{') || token.is('<')) {
            return message();
        }
        Place place = token.place();
        if (token.kind() == Token.Kind.TEXT) {
            StringBuilder text = new StringBuilder();
            while (token.kind() == Token.Kind.TEXT) {
                text.append(take().value());
            }
            return new TextValue.Text(text.toString(), place);
        }
        String sign = "";
        if (token.is('-')) {
            take();
            sign = "-";
        }
        return switch (token.kind()) {
            case WORD -> new TextValue.Word(sign + take().value(), place);
            case NUMERAL -> new TextValue.Numeral(sign + take().value(), place);
            case TEXT, MARK, END -> throw expected("a value");
        };
    }

    private Message message() {
        Token open = take();
        if (++depth > DEEPEST) {
            throw new TextFormatError(open.place(), "messages are nested more than " + DEEPEST + " deep");
        }
        List<Field> read = fields();
        take(open.is('{') ? '}' : '>', "a field's name or the end of the message that begins at " + open.place());
        depth--;
        return new Message(read, open.place());
    }

    private void add(List<Field> into, Token name, TextValue value) {
        if (++fields > MOST_FIELDS) {
            throw new TextFormatError(name.place(), "there are more than " + MOST_FIELDS + " fields");
        }
        into.add(new Field(name.value(), value, name.place()));
    }

    private Token take() {
        Token taken = token;
        token = tokens.next();
        return taken;
    }

    private void take(char mark, String otherwise) {
        if (!token.is(mark)) {
            throw expected(otherwise);
        }
        take();
    }

    private TextFormatError expected(String what) {
        return new TextFormatError(token.place(), "expected " + what + ", got " + token.words());
    }
}
